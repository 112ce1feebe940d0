import type { ListedShape } from '#contract/shape.ts'
import type { SweepCell, SweepMatrix } from '#contract/sweep.ts'
import { type ShapeWinner, winnerOf } from '#contract/sweep-best.ts'
import { cellAt } from '../state/sweep-slice.ts'

/** The fastest kernel that the matrix has for one shape. */
export interface ShapeBest {
  /** Position in the matrix. */
  shape: number
  listed: ListedShape
  /** Of the recorded time of all shapes; null where the lists recorded none. */
  timeShare: number | null
  /** Null: no kernel ran right, whether it may or not. */
  best: ShapeWinner | null
  ran: number
  waiting: number
  gaps: number
  problems: number
}

/** For each shape its winner. */
export function bestPerShape(matrix: SweepMatrix): ShapeBest[] {
  const total = matrix.shapes.reduce((sum, { totalMs }) => sum + (totalMs ?? 0), 0)
  return matrix.shapes.map((listed, shape) => {
    const column = [...matrix.variants.keys()].flatMap((variant) => cellAt(matrix, { variant, shape }) ?? [])
    const count = (is: (cell: SweepCell) => boolean) => column.filter(is).length
    const ran = column.filter(({ state }) => state === 'ok')
    const waiting = count(({ state }) => state === 'waiting' || state === 'running')
    const gaps = count(({ state }) => state === 'gap')
    return {
      shape,
      listed,
      timeShare: total > 0 && listed.totalMs !== undefined ? listed.totalMs / total : null,
      best: winnerOf(column),
      ran: ran.length,
      waiting,
      gaps,
      problems: column.length - ran.length - waiting - gaps,
    }
  })
}

/** The gaps that one rule makes. */
export interface GapGroup {
  reason: string
  pairs: number
  /** Positions in the matrix. */
  variants: number[]
  shapes: number[]
}

/** Gaps by the rule that makes them, most pairs first. */
export function gapGroups(matrix: SweepMatrix): GapGroup[] {
  const gaps = matrix.cells.filter(({ state }) => state === 'gap')
  const groups = [...Map.groupBy(gaps, ({ reason }) => reason ?? 'no reason given')].map(([reason, cells]) => ({
    reason,
    pairs: cells.length,
    variants: [...new Set(cells.map(({ variant }) => variant))],
    shapes: [...new Set(cells.map(({ shape }) => shape))],
  }))
  return groups.sort((a, b) => b.pairs - a.pairs || a.reason.localeCompare(b.reason))
}
