import type { Device } from '#contract/device.ts'
import { ok, type Result } from '#contract/error.ts'
import type { Shape } from '#contract/shape.ts'
import type { Tier } from '#contract/tier.ts'
import { type AnalysisHandle, type AnalysisRequest, analyseOnDevice } from './analysis-handle.ts'
import { Arena } from './arena.ts'
import { BufferHandle } from './buffer-handle.ts'
import { describeDevice } from './device-info.ts'
import { readTiers } from './device-tiers.ts'
import { describeGemm } from './gemm.ts'
import { ModuleHandle } from './module-handle.ts'
import { NativeHandle } from './native-handle.ts'
import type { NativeLibrary } from './native-library.ts'
import { OpHandle } from './op-handle.ts'
import { type RunRequest, runOnDevice } from './run.ts'
import { losesDevice, statusName } from './status.ts'
import { SourceLines } from './text-columns.ts'
import type { ModuleRequest, Sample } from './types.ts'

const mathModes = { default: 0, safe: 1, relaxed: 2, fast: 3 }
const moduleFlags = { noCheck: 1, noCache: 2 }
const guarded = 1
const undefinedContents = 2
const selftestBytes = 1 << 20

export interface BufferRequest {
  bytes: number
  /** Bands before and after that check() reads. */
  guarded?: boolean
  /** For analysing: what the host has not written counts as uninitialised. */
  isUndefined?: boolean
}

function describeModule(arena: Arena, request: ModuleRequest): bigint {
  const source = arena.text(request.source)
  const macros = request.macros ?? []
  const roots = request.includeRoots ?? []
  return arena.struct('klab_module_desc', {
    math_mode: mathModes[request.mathMode ?? 'default'],
    flags: (request.check === false ? moduleFlags.noCheck : 0) | (request.cache === false ? moduleFlags.noCache : 0),
    source: source.address,
    source_bytes: source.bytes,
    path: arena.text(request.path).address,
    macro_count: macros.length,
    macros: arena.texts(macros),
    include_root_count: roots.length,
    include_roots: arena.texts(roots),
  })
}

/**
 * An open device. Calls on one handle are serialised by the library, so while an asynchronous one is in flight every
 * other but cancel() waits for it, on this thread. Open a second handle to work beside a run.
 */
export class DeviceHandle {
  readonly #library: NativeLibrary
  readonly #handle: NativeHandle
  #isLost = false
  #info: Device
  #tier = 'auto'
  /** Null when an option was set since they were read. */
  #tiers: Tier[] | null = null
  #failedArm: number | null = null

  constructor(library: NativeLibrary, address: bigint, info: Device) {
    this.#library = library
    this.#handle = new NativeHandle('device', address, (device) => library.call('klab_device_close', device))
    this.#info = info
  }

  get info(): Device {
    return this.#info
  }

  /** What modules made from now on may run in, as the options are now. See Device.tiers. */
  get tiers(): Tier[] {
    this.#tiers ??= readTiers(this.#library, this.#handle.address)
    return this.#tiers
  }

  /** Does `work` with the tier fixed in which the modules that it makes run, then gives the choice back. */
  async inTier<T>(tier: string, work: () => Promise<Result<T>>): Promise<Result<T>> {
    const before = this.#tier
    const set = this.setOption('tier', tier)
    if (!set.ok) return set
    try {
      return await work()
    } finally {
      if (!this.#isLost) this.setOption('tier', before)
    }
  }

  /** After a timeout or a lost device nothing works here until the process is replaced. */
  get isLost(): boolean {
    return this.#isLost
  }

  /** The arm at which the last run failed, null when it did not. */
  get failedArm(): number | null {
    return this.#failedArm
  }

  /** Options are listed at klab_device_set_option; an unknown one is `invalid` and names the valid ones. */
  setOption(key: string, value: string): Result<void> {
    const arena = new Arena()
    const error = arena.out('klab_error')
    const status = this.#library.status(
      'klab_device_set_option',
      this.#handle.address,
      arena.text(key).address,
      arena.text(value).address,
      error.address,
    )
    this.#tiers = null
    if (status === 0 && key === 'tier') this.#tier = value
    if (status === 0 && key === 'threads') this.#info = { ...this.#info, coreCount: Number(value) }
    return status === 0 ? ok(undefined) : this.#fail(status, error.read().message)
  }

  /** Reads a source. Success also when it has errors: see `.report.ok`. */
  async createModule(request: ModuleRequest): Promise<Result<ModuleHandle>> {
    const arena = new Arena()
    const desc = describeModule(arena, request)
    const made = await this.#create('klab_module_create', arena, desc)
    const hasModule = made.address !== 0n && (made.status === 0 || statusName(made.status) === 'COMPILE')
    if (!hasModule) return this.#fail(made.status, made.message)
    return ok(new ModuleHandle(this.#library, made.address, new SourceLines(request.path, request.source)))
  }

  /** The device's own matmul as an op: bindings 0 A, 1 B, 2 C, 3 bias. `missing-tool` when it is not installed. */
  async createBaseline(shape: Shape): Promise<Result<OpHandle>> {
    const arena = new Arena()
    const desc = arena.struct('klab_gemm_desc', describeGemm(shape))
    const made = await this.#create('klab_baseline_create', arena, desc)
    return made.status === 0 ? ok(new OpHandle(this.#library, made.address)) : this.#fail(made.status, made.message)
  }

  /** Zeroed device memory; `unsupported` with both sizes when there is not enough. */
  createBuffer(request: BufferRequest): Result<BufferHandle> {
    const arena = new Arena()
    const flags = (request.guarded ? guarded : 0) | (request.isUndefined ? undefinedContents : 0)
    const desc = arena.struct('klab_buffer_desc', { bytes: request.bytes, flags })
    const buffer = arena.reserve(8)
    const error = arena.out('klab_error')
    const status = this.#library.status('klab_buffer_create', this.#handle.address, desc, buffer.address, error.address)
    if (status !== 0) return this.#fail(status, error.read().message)
    return ok(new BufferHandle(this.#library, buffer.view.getBigUint64(0, true), request.bytes))
  }

  /** Takes samples. Every argument is checked before anything runs; an unfitting one is `invalid` and named. */
  async run(request: RunRequest): Promise<Result<Sample[]>> {
    const { status, result, failedArm } = await runOnDevice(this.#library, this.#handle, request)
    this.#failedArm = failedArm
    if (losesDevice(status)) this.#isLost = true
    return result
  }

  /** Runs dispatches once under observation. What the kernel does wrong is in the document, not an error. */
  async analyse(request: AnalysisRequest): Promise<Result<AnalysisHandle>> {
    const { status, result } = await analyseOnDevice(this.#library, this.#handle, request)
    if (losesDevice(status)) this.#isLost = true
    return result
  }

  /** Makes the call in flight answer `cancelled` soon. No effect when nothing is in flight. */
  cancel(): void {
    this.#library.status('klab_device_cancel', this.#handle.address)
  }

  /** The device's own checks as its JSON document: {device, passed, checks}. */
  async selftest(): Promise<Result<unknown>> {
    const arena = new Arena()
    const json = arena.reserve(selftestBytes)
    const needed = arena.reserve(8)
    const error = arena.out('klab_error')
    const release = this.#handle.retain()
    try {
      const status = await this.#library.statusAsync(
        'klab_selftest',
        arena,
        this.#handle.address,
        json.address,
        selftestBytes,
        needed.address,
        error.address,
      )
      if (status !== 0) return this.#fail(status, error.read().message)
    } finally {
      release()
    }
    const bytes = new Uint8Array(json.view.buffer, json.view.byteOffset, selftestBytes)
    return ok(JSON.parse(new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)))))
  }

  /** Idempotent; modules, ops and buffers keep the native device alive until they are destroyed too. */
  close(): void {
    this.#handle.destroy()
  }

  async #create(name: 'klab_module_create' | 'klab_baseline_create', arena: Arena, desc: bigint) {
    const made = arena.reserve(8)
    const error = arena.out('klab_error')
    const release = this.#handle.retain()
    try {
      const status = await this.#library.statusAsync(
        name,
        arena,
        this.#handle.address,
        desc,
        made.address,
        error.address,
      )
      return { status, address: made.view.getBigUint64(0, true), message: error.read().message }
    } finally {
      release()
    }
  }

  #fail(status: number, message: string): Result<never> {
    if (losesDevice(status)) this.#isLost = true
    return this.#library.failure(status, message)
  }
}

/** Opens a device by id. `not-found` names the devices there are, `missing-tool` says what to install. */
export function openDevice(
  library: NativeLibrary,
  id: string,
  options: Record<string, string> = {},
): Result<DeviceHandle> {
  const arena = new Arena()
  const device = arena.reserve(8)
  const error = arena.out('klab_error')
  const info = arena.out('klab_device_info')
  const status = library.status('klab_device_open', arena.text(id).address, device.address, error.address)
  if (status !== 0) return library.failure(status, error.read().message)
  const address = device.view.getBigUint64(0, true)
  library.status('klab_device_get_info', address, info.address)
  const handle = new DeviceHandle(library, address, describeDevice(info.read(), readTiers(library, address)))
  for (const [key, value] of Object.entries(options)) {
    const set = handle.setOption(key, value)
    if (set.ok) continue
    handle.close()
    return set
  }
  return ok(handle)
}

/** From here on a fatal signal writes one JSON line to `path` (see klab.h) and ends the process with code 134. */
export function setCrashReport(library: NativeLibrary, path: string): Result<void> {
  const arena = new Arena()
  const error = arena.out('klab_error')
  const status = library.status('klab_set_crash_report', arena.text(path).address, error.address)
  return status === 0 ? ok(undefined) : library.failure(status, error.read().message)
}
