import type { SweepCell, SweepProgress } from '#contract/sweep.ts'
import type { SweepSummary } from '../sweep/summary.ts'
import { rowDocument } from './row-document.ts'

/**
 * Rows of a sweep as `--json` prints them, each new or cached as it was in this sweep, a cached one with its age, and what
 * came of it as a whole.
 */
export function ranDocument({ matrix, rows, best }: SweepSummary, progress: SweepProgress, nowMs: number) {
  const { counts, sweepId, state, elapsedNs, measuringNs, phaseNs } = progress
  const documentOf = ({ rowId, isCached }: Pick<SweepCell, 'rowId' | 'isCached'>) => {
    const row = rows.get(rowId ?? '')
    if (!row) return []
    const age = isCached ? { ageMs: nowMs - Date.parse(row.startedAt) } : {}
    return [{ ...rowDocument(row), isCached, ...age }]
  }
  const idOf = (variant: number) => matrix.variants[variant]!.id
  return {
    rows: matrix.cells.flatMap(documentOf),
    /** Second rows of pairs that were among the fastest of their shapes. */
    again: matrix.cells.flatMap(({ again }) => (again ? documentOf(again) : [])),
    counts: { run: counts.measured, cached: counts.cached, gap: counts.gaps, waiting: counts.waiting },
    best: best.map(({ shape, dtype, best: winner, baseline, timed, gaps, notRightAgain }) => ({
      shape: { ...matrix.shapes[shape]!.shape, dtype },
      variant: winner ? idOf(winner.cell.variant) : null,
      /** Of the row that the figures are from: of the second measurement, where there is one. */
      rowId: winner?.cell.again?.rowId ?? winner?.cell.rowId ?? null,
      isAgain: winner?.cell.again !== undefined,
      kernelNs: winner?.figures.kernelNs ?? null,
      baselineNs: winner?.figures.baselineNs ?? null,
      baseline,
      ratio: winner?.figures.ratio ?? null,
      /** By which it was chosen. */
      firstRatio: winner?.cell.ratio ?? null,
      /** Null where it was chosen from several, `timed` of them, and not measured since: their least ratio is too low as a rule. */
      verdict: winner?.verdict ?? null,
      /** Null where B lay as the shape says; else the fastest of those whose B did. */
      layout: winner?.cell.layout ?? null,
      ownLayout: winner?.ownLayout
        ? { variant: idOf(winner.ownLayout.cell.variant), ratio: winner.ownLayout.figures.ratio ?? null }
        : null,
      tied: (winner?.tied ?? []).map(({ variant }) => idOf(variant)),
      /** Right the first time and not the second. */
      notRightAgain: notRightAgain.map(({ variant }) => idOf(variant)),
      timed,
      gaps,
    })),
    sweep: { sweepId, state, elapsedNs, measuringNs, phaseNs },
  }
}
