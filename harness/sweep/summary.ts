import type { Row } from '#contract/row.ts'
import type { ListedShape } from '#contract/shape.ts'
import type { SweepCell, SweepMatrix } from '#contract/sweep.ts'
import { type ShapeWinner, winnerOf } from '#contract/sweep-best.ts'

/** The fastest right variant of a shape, by its time beside the baseline's measured in the same run: see winnerOf. */
export interface BestOfShape {
  /** Position in the matrix' shapes. */
  shape: number
  /** Null when no variant has a time. */
  best: ShapeWinner | null
  /** The baseline's name. */
  baseline: string
  /** Variants with a time. */
  timed: number
  gaps: number
}

/** What a sweep showed. */
export interface SweepSummary {
  matrix: SweepMatrix
  /** Rows by id. */
  rows: ReadonlyMap<string, Row>
  best: BestOfShape[]
  /** How many pairs each rule left out, most first. */
  gapReasons: { reason: string; pairs: number }[]
}

function countReasons(cells: readonly SweepCell[]): SweepSummary['gapReasons'] {
  const counts = new Map<string, number>()
  for (const { state, reason = '' } of cells) if (state === 'gap') counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, pairs]) => ({ reason, pairs })).sort((a, b) => b.pairs - a.pairs)
}

/** Reads a matrix with its rows. Only rows that are `ok` count as times; a proven flag is not asked for. */
export function summarise(matrix: SweepMatrix, rows: readonly Row[]): SweepSummary {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const byShape = Map.groupBy(matrix.cells, (cell) => cell.shape)
  const best = matrix.shapes.map((_: ListedShape, shape): BestOfShape => {
    const cells = byShape.get(shape) ?? []
    const timed = cells.filter(({ state, kernelNs }) => state === 'ok' && kernelNs !== undefined)
    const best = winnerOf(cells)
    return {
      shape,
      best,
      baseline: byId.get(best?.cell.rowId ?? '')?.baseline.name ?? '',
      timed: timed.length,
      gaps: cells.filter(({ state }) => state === 'gap').length,
    }
  })
  return { matrix, rows: byId, best, gapReasons: countReasons(matrix.cells) }
}
