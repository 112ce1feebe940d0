import type { AnalysisCheck } from '#contract/analysis.ts'
import { ok, type Result } from '#contract/error.ts'
import { Arena } from './arena.ts'
import { NativeHandle } from './native-handle.ts'
import type { NativeLibrary } from './native-library.ts'
import { type Dispatch, describeDispatches, handlesOfDispatches } from './run.ts'

/** KLAB_CHECK_* */
const checkBits: Record<AnalysisCheck, number> = { bounds: 1, races: 2, uninitialised: 4, barriers: 8, counters: 16 }

export interface AnalysisRequest {
  /** Of ops created with `analyse`; run once, in order. */
  dispatches: readonly Dispatch[]
  /** All when absent. */
  checks?: readonly AnalysisCheck[]
  /** Distinct ones; 1000 when absent. */
  maxFindings?: number
  /** 0 (default): simdgroups and lanes in order; else the order between barriers is drawn from it. */
  seed?: number | bigint
  /** Of the whole analysis; 10 min when absent. */
  timeoutNs?: number
}

/** A finished analysis: its document as klab_analysis_get_json gives it. */
export class AnalysisHandle {
  readonly handle: NativeHandle
  readonly #library: NativeLibrary

  constructor(library: NativeLibrary, address: bigint) {
    this.#library = library
    this.handle = new NativeHandle('analysis', address, (analysis) => library.call('klab_analysis_destroy', analysis))
  }

  /** The document's text: equal runs give equal bytes. */
  get json(): string {
    const arena = new Arena()
    const needed = arena.reserve(8)
    this.#library.status('klab_analysis_get_json', this.handle.address, 0n, 0, needed.address)
    const bytes = Number(needed.view.getBigUint64(0, true))
    const text = arena.reserve(bytes)
    this.#library.status('klab_analysis_get_json', this.handle.address, text.address, bytes, needed.address)
    return new TextDecoder().decode(new Uint8Array(text.view.buffer, text.view.byteOffset, bytes - 1))
  }

  destroy(): void {
    this.handle.destroy()
  }
}

function describeAnalysis(arena: Arena, request: AnalysisRequest): bigint {
  return arena.struct('klab_analysis_desc', {
    checks: (request.checks ?? []).reduce((bits, check) => bits | checkBits[check], 0),
    dispatches: describeDispatches(arena, request.dispatches),
    dispatch_count: request.dispatches.length,
    max_findings: request.maxFindings ?? 0,
    seed: BigInt.asUintN(64, BigInt(request.seed ?? 0)),
    timeout_ns: Math.round(request.timeoutNs ?? 0),
  })
}

/** One klab_analysis_create on a worker thread. Every op and buffer of the request stays alive until it returns. */
export async function analyseOnDevice(
  library: NativeLibrary,
  device: NativeHandle,
  request: AnalysisRequest,
): Promise<{ status: number; result: Result<AnalysisHandle> }> {
  const arena = new Arena()
  const made = arena.reserve(8)
  const error = arena.out('klab_error')
  const desc = describeAnalysis(arena, request)
  const releases = [device, ...handlesOfDispatches(request.dispatches)].map((handle) => handle.retain())
  try {
    const status = await library.statusAsync(
      'klab_analysis_create',
      arena,
      device.address,
      desc,
      made.address,
      error.address,
    )
    if (status !== 0) return { status, result: library.failure(status, error.read().message) }
    return { status, result: ok(new AnalysisHandle(library, made.view.getBigUint64(0, true))) }
  } finally {
    for (const release of releases) release()
  }
}
