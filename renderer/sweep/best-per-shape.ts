import type { Dtype, ListedShape } from '#contract/shape.ts'
import { outcomeOf, type SweepCell, type SweepMatrix } from '#contract/sweep.ts'
import { notRightAgain, rivalsOfShape, type ShapeWinner, winnerOf } from '#contract/sweep-best.ts'

/** The fastest kernel that the matrix has for one shape in one element type. */
export interface ShapeBest {
  /** Position in the matrix. */
  shape: number
  dtype: Dtype
  listed: ListedShape
  /** Of the recorded time of all shapes; null where the lists recorded none. */
  timeShare: number | null
  /** Null: no kernel ran right, whether it may or not. */
  best: ShapeWinner | null
  ran: number
  waiting: number
  gaps: number
  problems: number
  /** Right the first time and not the second; among the problems. */
  notRightAgain: SweepCell[]
}

/** For each shape and element type its winner. */
export function bestPerShape(matrix: SweepMatrix): ShapeBest[] {
  const total = matrix.shapes.reduce((sum, { totalMs }) => sum + (totalMs ?? 0), 0)
  const rivals = [...matrix.shapes.keys()].flatMap((shape) => rivalsOfShape(matrix, shape))
  return rivals.map(({ shape, dtype, cells }) => {
    const listed = matrix.shapes[shape]!
    const count = (is: (cell: SweepCell) => boolean) => cells.filter(is).length
    const ran = count((cell) => outcomeOf(cell).state === 'ok')
    const waiting = count(({ state }) => state === 'waiting' || state === 'running')
    const gaps = count(({ state }) => state === 'gap')
    return {
      shape,
      dtype,
      listed,
      timeShare: total > 0 && listed.totalMs !== undefined ? listed.totalMs / total : null,
      best: winnerOf(cells),
      ran,
      waiting,
      gaps,
      problems: cells.length - ran - waiting - gaps,
      notRightAgain: notRightAgain(cells),
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
