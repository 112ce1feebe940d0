import { availableParallelism } from 'node:os'
import { fail, ok, type Result } from '#contract/error.ts'
import type { RunOutcome } from '#contract/ipc.ts'
import type { Row } from '#contract/row.ts'
import type { SweepOptions } from '#contract/sweep.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import { resolveTarget } from '../catalog/resolve-target.ts'
import type { PlannedRun } from '../catalog/sweep-plan.ts'
import { PhaseClock, type PhaseTimes } from '../sweep/phase-clock.ts'
import { prepareKernels } from '../sweep/prepare-kernels.ts'
import { benchRequestOf } from '../sweep/stored-rows.ts'
import type { BenchedPair } from '../sweep/sweep.ts'
import { RunCache } from '../verify/run-cache.ts'
import type { HostContext } from './context.ts'
import { openRun, startBench } from './run-handlers.ts'

/** More compilers at once than this only wait for memory. */
const mostCompilers = 4

/**
 * The pairs of one sweep as runs of this host. Benches and the compiling ahead of them stand in the one queue of all runs,
 * which does one thing at a time: that is why nothing is ever compiled ahead while anything is timed.
 */
export class SweepPairs {
  readonly #context: HostContext
  readonly #options: SweepOptions
  /** Told the id of what is under way, null between two. */
  readonly #under: (runId: string | null) => void
  #cache: RunCache | null = null

  constructor(context: HostContext, options: SweepOptions, under: (runId: string | null) => void) {
    this.#context = context
    this.#options = options
    this.#under = under
  }

  bench(run: PlannedRun, isAgain: boolean): Promise<Result<BenchedPair | null>> {
    const opened = this.#openCache()
    if (!opened.ok) return Promise.resolve(opened)
    const cache = opened.value
    const clock = new PhaseClock()
    return new Promise((resolve) => {
      const part = {
        cache,
        sketch: (row: Row) => withHashes(row, run),
        progress: (phase: string) => clock.mark(phase),
        ended: (outcome: RunOutcome) => {
          this.#under(null)
          resolve(this.#pairOf(outcome, clock.end()))
        },
      }
      const request = { ...benchRequestOf(this.#options, run, isAgain), device: this.#options.device }
      const started = startBench(this.#context, request, part)
      if (started.ok) this.#under(started.value.runId)
      else resolve(started)
    })
  }

  #openCache(): Result<RunCache> {
    if (this.#cache) return ok(this.#cache)
    const opened = openRun(this.#context, this.#options.device)
    if (!opened.ok) return opened
    this.#cache = new RunCache(opened.value.device)
    return ok(this.#cache)
  }

  /** Compiles ahead, in a turn of its own in the queue. */
  prepare(runs: readonly PlannedRun[]): Promise<void> {
    return new Promise((resolve) => {
      const runId = this.#context.runs.start(async ({ signal }) => {
        try {
          await prepareKernels(this.#compilers(), this.#kernelsOf(runs), signal)
        } catch (thrown) {
          console.error(thrown)
        }
        this.#under(null)
        resolve()
      })
      this.#under(runId)
    })
  }

  /** Frees what the pairs shared, in a turn of its own: it would wait for whatever runs. */
  end(): void {
    const cache = this.#cache
    this.#cache = null
    if (cache) this.#context.runs.start(async () => cache.end())
  }

  #compilers(): DeviceHandle[] {
    const count = Math.min(mostCompilers, availableParallelism())
    return Array.from({ length: count }, (_, at) => this.#context.devices.device(this.#options.device, `prepare ${at}`))
      .filter((device) => device.ok)
      .map(({ value }) => value)
  }

  #kernelsOf(runs: readonly PlannedRun[]) {
    const workspace = this.#context.workspace()
    if (!workspace.ok) return []
    return runs.flatMap(({ variant, shape }) => {
      const kernel = resolveTarget(workspace.value, variant)
      return kernel.ok && !kernel.value.usesDeviceBaseline
        ? [{ kernel: kernel.value, shape, tier: this.#options.tier }]
        : []
    })
  }

  #pairOf(outcome: RunOutcome, phaseNs: PhaseTimes): Result<BenchedPair | null> {
    if (this.#context.devices.lost() !== null) return ok(null)
    if (outcome.kind === 'bench') return ok({ row: outcome.row, phaseNs })
    return fail(
      outcome.kind === 'failed' ? outcome.error : { kind: 'internal', message: `a bench ended as a ${outcome.kind}` },
    )
  }
}

/** Should the host die before the bench finds its kernel, its row still has to be known as this pair's. */
function withHashes({ identity, ...row }: Row, { sourceHash, entryHash }: PlannedRun): Row {
  const known = {
    sourceHash: identity.sourceHash || sourceHash,
    entryHash: identity.entryHash || entryHash,
  }
  return { ...row, identity: { ...identity, ...known } }
}
