import { randomUUID } from 'node:crypto'
import { fail, ok, type Result } from '#contract/error.ts'
import type { RunOutcome } from '#contract/ipc.ts'
import type { Row } from '#contract/row.ts'
import { countCells, type SweepOptions } from '#contract/sweep.ts'
import type { PlannedRun } from '../catalog/sweep-plan.ts'
import { type PlannedMatrix, planMatrix } from '../sweep/plan-matrix.ts'
import { Sweep } from '../sweep/sweep.ts'
import type { HostContext } from './context.ts'
import type { HostHandlers } from './handlers.ts'
import { startBench } from './run-handlers.ts'

type SweepRequest = 'sweep.plan' | 'sweep.start' | 'sweep.status' | 'sweep.cancel'

/** The sweeps of a kernel host: one at a time, each pair of it an ordinary run in the queue of all runs. */
class HostSweeps {
  readonly #context: HostContext
  #sweep: Sweep | null = null
  #runId: string | null = null

  constructor(context: HostContext) {
    this.#context = context
  }

  plan(options: SweepOptions): Result<PlannedMatrix> {
    const workspace = this.#context.workspace()
    if (!workspace.ok) return workspace
    return planMatrix(workspace.value, options, this.#context.currentDevice())
  }

  start(options: SweepOptions): Result<{ sweepId: string }> {
    if (this.#sweep?.isRunning) {
      const message = `sweep ${this.#sweep.sweepId} is running; cancel it or wait for its end`
      return fail({ kind: 'conflict', message })
    }
    const planned = this.plan(options)
    if (!planned.ok) return planned
    const sweepId = randomUUID()
    const sweep = new Sweep(
      { sweepId, options, startedAt: new Date().toISOString(), planned: planned.value, known: new Map() },
      {
        bench: (run) => this.#bench(options, run),
        changed: (change) => this.#context.emit('sweep.changed', change),
        now: () => performance.now(),
      },
    )
    this.#sweep = sweep
    setImmediate(() => void sweep.run().catch((thrown: unknown) => sweep.fail(String(thrown))))
    return ok({ sweepId })
  }

  status() {
    return { sweep: this.#sweep?.status() ?? null }
  }

  cancel(sweepId: string): Result<Record<string, never>> {
    const sweep = this.#sweep
    if (sweep?.sweepId !== sweepId || !sweep.isRunning)
      return fail({ kind: 'not-found', message: `there is no sweep ${sweepId} to cancel: it ended, or its host did` })
    sweep.cancel()
    const runId = this.#runId
    if (runId !== null && this.#context.runs.cancel(runId)) this.#context.leaveIfStuck(runId)
    return ok({})
  }

  #bench(options: SweepOptions, { variant, shape }: PlannedRun): Promise<Result<Row | null>> {
    const { device, mode, tier, isCold, data, seed } = options
    const target = { kind: 'variant' as const, id: variant }
    return new Promise((resolve) => {
      const started = startBench(
        this.#context,
        { device, mode, tier, isCold, data, seed, target, shape },
        (outcome) => {
          this.#runId = null
          resolve(this.#rowOf(outcome))
        },
      )
      if (started.ok) this.#runId = started.value.runId
      else resolve(started)
    })
  }

  #rowOf(outcome: RunOutcome): Result<Row | null> {
    if (this.#context.devices.lost() !== null) return ok(null)
    if (outcome.kind === 'bench') return ok(outcome.row)
    return fail(
      outcome.kind === 'failed' ? outcome.error : { kind: 'internal', message: `a bench ended as a ${outcome.kind}` },
    )
  }
}

/** Sweeps: what they would run, running them, and where they stand. */
export function sweepHandlers(context: HostContext): Pick<HostHandlers, SweepRequest> {
  const sweeps = new HostSweeps(context)
  return {
    'sweep.plan': async (options) => {
      const planned = sweeps.plan(options)
      if (!planned.ok) return planned
      const { matrix } = planned.value
      return ok({ matrix, counts: countCells(matrix.cells) })
    },
    'sweep.start': async (options) => sweeps.start(options),
    'sweep.status': async () => ok(sweeps.status()),
    'sweep.cancel': async ({ sweepId }) => sweeps.cancel(sweepId),
  }
}
