import type { Dtype } from './shape.ts'
import { outcomeOf, type SweepCell, type SweepFigures, type SweepMatrix, shapeOfCell } from './sweep.ts'

/** Pairs of one shape that are run in one element type, and so are compared with one and the same baseline. */
export interface ShapeRivals {
  /** Position in SweepMatrix.shapes. */
  shape: number
  dtype: Dtype
  cells: SweepCell[]
}

/** The fastest of some rivals, as far as a sweep knows. */
export interface ShapeWinner {
  cell: SweepCell
  /** Of its second measurement where there is one: the least of several noisy ratios is too low as a rule. */
  figures: SweepFigures
  /** Absent of one that was chosen from several and not measured since. */
  verdict: SweepCell['verdict']
  /** Others of which it was not shown that they are slower: their intervals overlap, or begin below. */
  tied: SweepCell[]
  /** Of a winner whose B was handed over in another layout: the fastest of those that take the shape's own, if any. */
  ownLayout?: ShapeWinner
}

/** Measured once more of each shape and element type, at most, beside the fastest that takes the shape's own layout. */
const mostFinalists = 3

/** The rivals of a shape, by element type; a type whose every pair is a gap is left out, unless there is no other. */
export function rivalsOfShape(matrix: SweepMatrix, shape: number): ShapeRivals[] {
  const column = matrix.cells.filter((cell) => cell.shape === shape)
  const groups = Map.groupBy(column, (cell) => shapeOfCell(matrix, cell).dtype)
  const all = [...groups].map(([dtype, cells]): ShapeRivals => ({ shape, dtype, cells }))
  const run = all.filter(({ cells }) => cells.some(({ state }) => state !== 'gap'))
  return run.length > 0 ? run : all.slice(0, 1)
}

/** Pairs that were right the first time and not the second: none of them can be a winner. */
export function notRightAgain(cells: readonly SweepCell[]): SweepCell[] {
  return cells.filter((cell) => cell.state === 'ok' && outcomeOf(cell).state !== 'ok')
}

function isRight(cell: SweepCell): boolean {
  return outcomeOf(cell).state === 'ok' && cell.kernelNs !== undefined
}

/** By ratio where there is a baseline to be compared with, else by time: one of the two for all rivals. */
function fastestFirst(cells: readonly SweepCell[]): SweepCell[] {
  const right = cells.filter(isRight)
  const compared = right.filter(({ ratio }) => ratio !== undefined)
  if (compared.length > 0) return compared.sort((a, b) => a.ratio!.value - b.ratio!.value)
  return right.sort((a, b) => a.kernelNs! - b.kernelNs!)
}

/** What is known best of a cell: its second measurement, else its first. */
export function figuresOf(cell: SweepCell): SweepFigures {
  return cell.again?.state === 'ok' ? cell.again : cell
}

/**
 * Who of some rivals has to be measured once more: the fastest, those of which it was not shown that they are slower, and
 * where the fastest has B in another layout the fastest of those that take the shape's own.
 */
export function finalistsOf(cells: readonly SweepCell[]): SweepCell[] {
  const [first, ...others] = fastestFirst(cells)
  if (!first || others.length === 0) return []
  const near = others.filter(({ ratio }) => ratio === undefined || ratio.low <= first.ratio!.high)
  const finalists = [first, ...near].slice(0, mostFinalists)
  const own = first.layout && others.find(({ layout }) => layout === undefined)
  return own && !finalists.includes(own) ? [...finalists, own] : finalists
}

/**
 * The winner of some rivals. It is chosen by the first measurements and shown with its second one, which had no part in the
 * choice; another takes its place only where the second measurements of both tell them apart.
 */
export function winnerOf(cells: readonly SweepCell[]): ShapeWinner | null {
  const ranked = fastestFirst(cells)
  const [first] = ranked
  if (!first) return null
  const low = first.again?.ratio?.low ?? 0
  const [overtaker] = ranked
    .filter(({ again }) => again?.ratio && again.ratio.high < low)
    .sort((a, b) => a.again!.ratio!.value - b.again!.ratio!.value)
  const cell = overtaker ?? first
  const figures = figuresOf(cell)
  // Like with like: second measurements of both where there are, else the first of both.
  const isTied = (other: SweepCell) => {
    const [theirs, own] = other.again && cell.again ? [other.again, cell.again] : [other, cell]
    return other !== cell && theirs.ratio !== undefined && own.ratio !== undefined && theirs.ratio.low <= own.ratio.high
  }
  const verdict = cell.again || ranked.length === 1 ? figures.verdict : undefined
  const own = cell.layout ? winnerOf(cells.filter(({ layout }) => layout === undefined)) : null
  return { cell, figures, verdict, tied: ranked.filter(isTied), ...(own ? { ownLayout: own } : {}) }
}
