import { createHash, randomUUID } from 'node:crypto'
import { fail, ok, type Result } from '#contract/error.ts'
import { formatShape } from '#contract/shape.ts'
import { countCells, type SweepOptions, type SweepStarted } from '#contract/sweep.ts'
import { currentDevice } from '../catalog/current-device.ts'
import { type PlannedMatrix, planMatrix } from '../sweep/plan-matrix.ts'
import { type KnownRow, StoredRows } from '../sweep/stored-rows.ts'
import { cellOfRow, Sweep } from '../sweep/sweep.ts'
import type { HostContext } from './context.ts'
import type { HostHandlers } from './handlers.ts'
import { openRun } from './run-handlers.ts'
import { SweepPairs } from './sweep-pairs.ts'

type SweepRequest = 'sweep.plan' | 'sweep.start' | 'sweep.continue' | 'sweep.status' | 'sweep.cancel'

function outlineOf({ matrix: { variants, shapes } }: PlannedMatrix): string {
  const named = [variants.map(({ id }) => id), shapes.map(({ shape }) => formatShape(shape))]
  return createHash('sha256').update(JSON.stringify(named)).digest('hex').slice(0, 12)
}

/** The sweeps of a kernel host: one at a time, each pair of it an ordinary run in the queue of all runs. */
class HostSweeps {
  readonly #context: HostContext
  #sweep: Sweep | null = null
  #runId: string | null = null

  constructor(context: HostContext) {
    this.#context = context
  }

  /** The matrix, and the stored rows that stand in for running a pair: those since `since`, older ones when resumed. */
  plan(options: SweepOptions, since: string): Result<PlannedMatrix & { known: Map<number, KnownRow> }> {
    const run = openRun(this.#context, options.device)
    if (!run.ok) return run
    const { workspace, device } = run.value
    const planned = planMatrix(workspace, options, currentDevice({ ...device.info, tiers: device.tiers }))
    if (!planned.ok) return planned
    const stored = new StoredRows(run.value, options, planned.value.runs)
    return ok({ ...planned.value, known: stored.find(this.#context.rows(workspace).outlines(), since) })
  }

  /** Begins a sweep, or goes on with one that has an outline already. */
  begin(options: SweepOptions, begun: Omit<SweepStarted, 'outline'> & { outline?: string }): Result<SweepStarted> {
    if (this.#sweep?.isActive) {
      const message = `sweep ${this.#sweep.sweepId} has not ended; cancel it or wait for its end`
      return fail({ kind: 'conflict', message })
    }
    const planned = this.plan(options, begun.startedAt)
    if (!planned.ok) return planned
    const { known, ...matrix } = planned.value
    const started = { ...begun, outline: outlineOf(matrix) }
    if (begun.outline !== undefined && begun.outline !== started.outline)
      return fail({
        kind: 'conflict',
        message:
          'the manifest or the shape lists changed, and then the kernel host was replaced; start the sweep again, resumed',
      })
    const pairs = new SweepPairs(this.#context, options, (runId) => {
      this.#runId = runId
    })
    const sweep = new Sweep(
      { ...started, options, planned: matrix, known },
      {
        bench: (run, isAgain) => pairs.bench(run, isAgain),
        prepare: (runs) => pairs.prepare(runs),
        changed: (change) => this.#context.emit('sweep.changed', change),
        now: () => Date.now(),
      },
    )
    this.#sweep = sweep
    setImmediate(() => void sweep.run().finally(() => pairs.end()))
    return ok(started)
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
}

/** Sweeps: what they would run, running them, and where they stand. */
export function sweepHandlers(context: HostContext): Pick<HostHandlers, SweepRequest> {
  const sweeps = new HostSweeps(context)
  const now = () => new Date().toISOString()
  return {
    'sweep.plan': async (options) => {
      const planned = sweeps.plan(options, now())
      if (!planned.ok) return planned
      const { matrix, known } = planned.value
      const cells = matrix.cells.map((cell, at) => (known.has(at) ? cellOfRow(cell, known.get(at)!) : cell))
      return ok({ matrix: { ...matrix, cells }, counts: countCells(cells) })
    },
    'sweep.start': async (options) => sweeps.begin(options, { sweepId: randomUUID(), startedAt: now() }),
    'sweep.continue': async ({ options, ...started }) => sweeps.begin(options, started),
    'sweep.status': async () => ok(sweeps.status()),
    'sweep.cancel': async ({ sweepId }) => sweeps.cancel(sweepId),
  }
}
