import { ok, type Result } from '#contract/error.ts'
import type { EventPayload, RequestInput } from '#contract/ipc.ts'
import { formatRatio } from '#contract/quantity-text.ts'
import { formatShape } from '#contract/shape.ts'
import {
  countCells,
  isSweepActive,
  type SweepCell,
  type SweepCounts,
  type SweepMatrix,
  type SweepProgress,
  type SweepStatus,
  shapeOfCell,
} from '#contract/sweep.ts'
import type { Supervisor } from '../host/supervisor.ts'

/** A sweep as far as it came. */
export interface EndedSweep {
  progress: SweepProgress
  matrix: SweepMatrix
}

type Change = EventPayload<'sweep.changed'>

/** The sweep as events tell it, whatever becomes of the host that runs it. */
class FollowedSweep {
  readonly #log: (line: string) => void
  #matrix: SweepMatrix = { variants: [], shapes: [], cells: [] }

  constructor(log: (line: string) => void) {
    this.#log = log
  }

  get matrix(): SweepMatrix {
    return this.#matrix
  }

  begin(matrix: SweepMatrix): void {
    const cells = matrix.cells.map(({ again: _, ...cell }) => ({ ...cell, rowId: undefined }))
    this.#matrix = { ...matrix, cells }
    this.take({ cells: matrix.cells, counts: countCells(matrix.cells) })
  }

  take({ cells, counts }: Pick<Change, 'cells' | 'counts'>): void {
    for (const cell of cells) {
      const at = cell.variant * this.#matrix.shapes.length + cell.shape
      const before = this.#matrix.cells[at]!
      const isNew = cell.rowId !== before.rowId || cell.again?.rowId !== before.again?.rowId
      this.#matrix.cells[at] = cell
      if (isNew && cell.rowId !== undefined) this.#log(this.#describe(cell, counts))
    }
  }

  #describe(cell: SweepCell, counts: SweepCounts): string {
    const pair = `${this.#matrix.variants[cell.variant]!.id} ${formatShape(shapeOfCell(this.#matrix, cell))}`
    const done = `${counts.measured + counts.cached}/${counts.pairs - counts.gaps}`
    const outcome = cell.again ? `again: ${outcomeText(cell.again)}` : outcomeText(cell)
    return `${done} ${pair} ${outcome}`
  }
}

function outcomeText({ state, reason, ratio, verdict, isCached }: Omit<SweepCell, 'variant' | 'shape'>): string {
  const compared = ratio ? ` ${formatRatio(ratio)} ${verdict}` : ''
  const outcome = state === 'ok' ? compared : reason ? `: ${reason}` : ''
  return `${isCached ? 'cached, ' : ''}${state}${outcome}`
}

/**
 * Runs a sweep in the lab until it ends, telling every row on `log`. An interrupt from the keyboard cancels it, which keeps
 * the rows so far. Fails when it cannot begin, or when the lab gives up on it.
 */
export async function sweepToEnd(
  lab: Supervisor,
  options: RequestInput<'sweep.start'>,
  log: (line: string) => void,
): Promise<Result<EndedSweep>> {
  const ended = Promise.withResolvers<Change>()
  let take = (_: Change) => {}
  const stop = lab.on('sweep.changed', (change) => {
    take(change)
    if (!isSweepActive(change.state)) ended.resolve(change)
  })
  let sweepId: string | null = null
  const interrupt = () => void (sweepId && lab.request('sweep.cancel', { sweepId }))
  process.once('SIGINT', interrupt)
  try {
    const started = await lab.request('sweep.start', options)
    if (!started.ok) return started
    sweepId = started.value.sweepId
    const status = await statusOf(lab)
    if (!status.ok) return status
    // What was told until now is in the status.
    const followed = new FollowedSweep(log)
    followed.begin(status.value.matrix)
    take = (change) => followed.take(change)
    const { cells: _, ...progress } = await ended.promise
    return ok({ progress, matrix: followed.matrix })
  } finally {
    process.off('SIGINT', interrupt)
    stop()
  }
}

/** A host that has just taken the place of one that died does not know of the sweep until it goes on with it. */
async function statusOf(lab: Supervisor): Promise<Result<SweepStatus>> {
  for (;;) {
    const told = new Promise<void>((resolve) => {
      const off = lab.on('sweep.changed', () => {
        off()
        resolve()
      })
    })
    const status = await lab.request('sweep.status', {})
    if (!status.ok) return status
    if (status.value.sweep) return ok(status.value.sweep)
    await told
  }
}
