import type { SweepCell, SweepFigures } from './sweep.ts'

/** The fastest variant of a shape, as far as a sweep knows. */
export interface ShapeWinner {
  cell: SweepCell
  /** Of its second measurement where there is one: the least of several noisy ratios is too low as a rule. */
  figures: SweepFigures
  /** Absent of one that was chosen from several and not measured since. */
  verdict: SweepCell['verdict']
  /** Others of which it was not shown that they are slower: their intervals overlap, or begin below. */
  tied: SweepCell[]
}

/** Measured once more of each shape, at most. */
const mostFinalists = 3

function isRight({ state, kernelNs, again }: SweepCell): boolean {
  return state === 'ok' && kernelNs !== undefined && (again === undefined || again.state === 'ok')
}

/** By ratio where there is a baseline to be compared with, else by time: one of the two for all variants of a shape. */
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

/** Who has to be measured once more: the fastest of a shape, and those of which it was not shown that they are slower. */
export function finalistsOf(cells: readonly SweepCell[]): SweepCell[] {
  const [first, ...others] = fastestFirst(cells)
  if (!first || others.length === 0) return []
  const near = others.filter(({ ratio }) => ratio === undefined || ratio.low <= first.ratio!.high)
  return [first, ...near].slice(0, mostFinalists)
}

/**
 * The winner of a shape. It is chosen by the first measurements and shown with its second one, which had no part in the
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
  return { cell, figures, verdict, tied: ranked.filter(isTied) }
}
