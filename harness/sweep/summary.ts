import type { Row } from '#contract/row.ts'
import type { ListedShape } from '#contract/shape.ts'
import type { SweepCell, SweepMatrix } from '#contract/sweep.ts'

/** The fastest right variant of a shape, by its time beside the baseline's measured in the same run. */
export interface BestOfShape {
  /** Position in the matrix' shapes. */
  shape: number
  /** Null when no variant has a time. */
  best: SweepCell | null
  /** The baseline's name and its median time in the best variant's run, ns. */
  baseline: string
  /** Others whose ratio's 95 % interval overlaps the best one's: no difference was shown. */
  tied: SweepCell[]
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

/** Ratio where there is a baseline to be compared with, else time: one of the two for all variants of a shape. */
function bestOf(timed: readonly SweepCell[]): { best: SweepCell | null; tied: SweepCell[] } {
  const compared = timed.filter(({ ratio }) => ratio !== undefined)
  if (compared.length > 0) {
    const [best, ...others] = compared.toSorted((a, b) => a.ratio!.value - b.ratio!.value)
    return { best: best!, tied: others.filter(({ ratio }) => ratio!.low <= best!.ratio!.high) }
  }
  const [best] = timed.toSorted((a, b) => a.kernelNs! - b.kernelNs!)
  return { best: best ?? null, tied: [] }
}

function countReasons(cells: readonly SweepCell[]): SweepSummary['gapReasons'] {
  const counts = new Map<string, number>()
  for (const { state, reason = '' } of cells) if (state === 'gap') counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, pairs]) => ({ reason, pairs })).sort((a, b) => b.pairs - a.pairs)
}

/** Reads a matrix with its rows. Only rows that are `ok` count as times; a proven flag is not asked for. */
export function summarise(matrix: SweepMatrix, rows: readonly Row[]): SweepSummary {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const best = matrix.shapes.map((_: ListedShape, shape): BestOfShape => {
    const cells = matrix.cells.filter((cell) => cell.shape === shape)
    const timed = cells.filter(({ state, kernelNs }) => state === 'ok' && kernelNs !== undefined)
    const found = bestOf(timed)
    return {
      shape,
      ...found,
      baseline: byId.get(found.best?.rowId ?? '')?.baseline.name ?? '',
      timed: timed.length,
      gaps: cells.filter(({ state }) => state === 'gap').length,
    }
  })
  return { matrix, rows: byId, best, gapReasons: countReasons(matrix.cells) }
}
