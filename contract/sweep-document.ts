import { outcomeDocument, rowDocument } from './row-document.ts'
import { countCells, type SweepCell, type SweepFigures, type SweepMatrix, shapeOfCell } from './sweep.ts'
import type { BestOfShape, SweepReport } from './sweep-summary.ts'

/** The gaps of a matrix: which variant on which shape, in the type in which it would run, and the rule that rejects it. */
export function gapsOf(matrix: SweepMatrix) {
  return matrix.cells
    .filter(({ state }) => state === 'gap')
    .map((cell) => ({
      variant: matrix.variants[cell.variant]!.id,
      shape: shapeOfCell(matrix, cell),
      reason: cell.reason ?? '',
    }))
}

function bestDocument({ variants, shapes }: SweepMatrix, one: BestOfShape) {
  const { shape, dtype, best: winner, baseline, timed, gaps, notRightAgain } = one
  const idOf = ({ variant }: SweepCell) => variants[variant]!.id
  return {
    shape: { ...shapes[shape]!.shape, dtype },
    variant: winner ? idOf(winner.cell) : null,
    /** Of the row that the figures are from: of the second measurement, where there is one. */
    rowId: winner?.cell.again?.rowId ?? winner?.cell.rowId ?? null,
    isAgain: winner?.cell.again !== undefined,
    isCached: winner?.figures.isCached ?? false,
    kernelNs: winner?.figures.kernelNs ?? null,
    baselineNs: winner?.figures.baselineNs ?? null,
    baseline,
    ratio: winner?.figures.ratio ?? null,
    /** By which it was chosen. */
    firstRatio: winner?.cell.ratio ?? null,
    /** Null where it was chosen from several, `timed` of them, and not measured since: their least ratio is too low as a rule. */
    verdict: winner?.verdict ?? null,
    /** Null where B lay as the shape says; else `ownLayout` is the fastest of those whose B did, if any. */
    layout: winner?.cell.layout ?? null,
    ownLayout: winner?.ownLayout
      ? { variant: idOf(winner.ownLayout.cell), ratio: winner.ownLayout.figures.ratio ?? null }
      : null,
    tied: (winner?.tied ?? []).map(idOf),
    /** Right the first time and not the second. */
    notRightAgain: notRightAgain.map(idOf),
    timed,
    gaps,
  }
}

/**
 * A sweep as a script gets it: its rows, each new or cached as it was in this sweep, a cached one with its age, the gaps,
 * the fastest, and what came of it as a whole (`sweep` is null when nothing was run).
 */
export function sweepDocument({ summary, progress, nowMs }: SweepReport) {
  const { matrix, rows, best } = summary
  const counts = countCells(matrix.cells)
  const documentOf = ({ rowId, isCached }: { rowId?: string | undefined } & SweepFigures, cell: SweepCell) => {
    const row = rows.get(rowId ?? '')
    if (!row) return []
    const age = isCached ? { ageMs: nowMs - Date.parse(row.startedAt) } : {}
    const layout = cell.layout ?? row.layout
    // The outcome is the pair's: a row that is `ok` stands for nothing when the pair's second one is not.
    const ofPair = { claim: cell.claim ?? row.claim, outcome: outcomeDocument(cell, rows) }
    return [{ ...rowDocument(row), ...ofPair, ...(layout ? { layout } : {}), isCached, ...age }]
  }
  return {
    variants: matrix.variants,
    shapes: matrix.shapes,
    rows: matrix.cells.flatMap((cell) => documentOf(cell, cell)),
    /** Second rows of pairs that were among the fastest of their shapes. */
    again: matrix.cells.flatMap((cell) => (cell.again ? documentOf(cell.again, cell) : [])),
    counts: { run: counts.measured, cached: counts.cached, gap: counts.gaps, waiting: counts.waiting },
    gaps: gapsOf(matrix),
    best: best.map((one) => bestDocument(matrix, one)),
    sweep: progress && {
      sweepId: progress.sweepId,
      state: progress.state,
      elapsedNs: progress.elapsedNs,
      measuringNs: progress.measuringNs,
      phaseNs: progress.phaseNs,
    },
  }
}
