import type { Row } from './row.ts'
import type { Dtype } from './shape.ts'
import { outcomeOf, type SweepCell, type SweepMatrix, type SweepProgress } from './sweep.ts'
import { notRightAgain, rivalsOfShape, type ShapeWinner, winnerOf } from './sweep-best.ts'

/** The fastest right variant of a shape in one element type, by its time beside the baseline's of the same run: see winnerOf. */
export interface BestOfShape {
  /** Position in the matrix' shapes. */
  shape: number
  dtype: Dtype
  /** Null when no variant has a time. */
  best: ShapeWinner | null
  /** The baseline's name. */
  baseline: string
  /** Variants with a time. */
  timed: number
  gaps: number
  /** Pairs that were right only the first time. */
  notRightAgain: SweepCell[]
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

/** What of a sweep is told: of one that ran, of what one would find stored, or only the gaps. */
export interface SweepReport {
  summary: SweepSummary
  /** Null when nothing was run. */
  progress: SweepProgress | null
  nowMs: number
}

function countReasons(cells: readonly SweepCell[]): SweepSummary['gapReasons'] {
  const counts = new Map<string, number>()
  for (const { state, reason = '' } of cells) if (state === 'gap') counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, pairs]) => ({ reason, pairs })).sort((a, b) => b.pairs - a.pairs)
}

/** Reads a matrix with its rows. Only rows that are `ok` count as times; a proven flag is not asked for. */
export function summarise(matrix: SweepMatrix, rows: readonly Row[]): SweepSummary {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const rivals = [...matrix.shapes.keys()].flatMap((shape) => rivalsOfShape(matrix, shape))
  const best = rivals.map(({ shape, dtype, cells }): BestOfShape => {
    const best = winnerOf(cells)
    return {
      shape,
      dtype,
      best,
      baseline: byId.get(best?.cell.rowId ?? '')?.baseline.name ?? '',
      timed: cells.filter((cell) => outcomeOf(cell).state === 'ok' && cell.kernelNs !== undefined).length,
      gaps: cells.filter(({ state }) => state === 'gap').length,
      notRightAgain: notRightAgain(cells),
    }
  })
  return { matrix, rows: byId, best, gapReasons: countReasons(matrix.cells) }
}
