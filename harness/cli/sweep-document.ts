import { type SweepProgress, verdictOfBest } from '#contract/sweep.ts'
import type { SweepSummary } from '../sweep/summary.ts'
import { rowDocument } from './row-document.ts'

/**
 * Rows of a sweep as `--json` prints them, each new or cached as it was in this sweep, a cached one with its age, and what
 * came of it as a whole.
 */
export function ranDocument({ matrix, rows, best }: SweepSummary, progress: SweepProgress, nowMs: number) {
  const { counts, sweepId, state, elapsedNs, measuringNs, phaseNs } = progress
  const idOf = (variant: number) => matrix.variants[variant]!.id
  return {
    rows: matrix.cells.flatMap(({ rowId, isCached }) => {
      const row = rows.get(rowId ?? '')
      if (!row) return []
      const age = isCached ? { ageMs: nowMs - Date.parse(row.startedAt) } : {}
      return [{ ...rowDocument(row), isCached, ...age }]
    }),
    counts: { run: counts.measured, cached: counts.cached, gap: counts.gaps, waiting: counts.waiting },
    best: best.map(({ shape, best: cell, baseline, tied, timed, gaps }) => ({
      shape: matrix.shapes[shape]!.shape,
      variant: cell ? idOf(cell.variant) : null,
      rowId: cell?.rowId ?? null,
      kernelNs: cell?.kernelNs ?? null,
      baselineNs: cell?.baselineNs ?? null,
      baseline,
      ratio: cell?.ratio ?? null,
      /** Null where it was chosen from several, `timed` of them: their least ratio is too low as a rule. */
      verdict: (cell && verdictOfBest(cell, timed)) ?? null,
      tied: tied.map(({ variant }) => idOf(variant)),
      timed,
      gaps,
    })),
    sweep: { sweepId, state, elapsedNs, measuringNs, phaseNs },
  }
}
