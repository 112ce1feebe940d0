import type { Dtype } from '#contract/shape.ts'
import { allocateElements, type Elements } from './float-formats.ts'
import { bitsOf, poisonPatterns } from './poison.ts'

/** Row-major rows, `padding` elements between the end of one and the beginning of the next; none after the last. */
export interface PaddedRows {
  rows: number
  columns: number
  padding: number
}

/** Elements that padded rows take. */
export function paddedCount({ rows, columns, padding }: PaddedRows): number {
  return rows * columns + (rows - 1) * padding
}

/** Spreads rows that follow each other; between them lies poison, which spoils every sum that it enters. */
export function spreadRows(tight: Elements, layout: PaddedRows, dtype: Dtype): Elements {
  if (layout.padding === 0) return tight
  const { rows, columns, padding } = layout
  const spread = allocateElements(dtype, paddedCount(layout))
  bitsOf(spread).fill(poisonPatterns[dtype].pattern)
  for (let row = 0; row < rows; row++)
    spread.set(tight.subarray(row * columns, (row + 1) * columns), row * (columns + padding))
  return spread
}

/** The rows of `spread`, one after the other. */
export function gatherRows(spread: Elements, layout: PaddedRows, dtype: Dtype): Elements {
  if (layout.padding === 0) return spread
  const { rows, columns, padding } = layout
  const tight = allocateElements(dtype, rows * columns)
  for (let row = 0; row < rows; row++) {
    const begin = row * (columns + padding)
    tight.set(spread.subarray(begin, begin + columns), row * columns)
  }
  return tight
}

/** How many elements between rows no longer hold `pattern`, and the first of them; null when all do. */
export function writtenBetweenRows(
  spread: Elements,
  { rows, columns, padding }: PaddedRows,
  pattern: number,
): { count: number; first: number } | null {
  const bits = bitsOf(spread)
  let count = 0
  let first = -1
  for (let row = 0; row + 1 < rows; row++) {
    const begin = row * (columns + padding) + columns
    for (let i = begin; i < begin + padding; i++) {
      if (bits[i] === pattern) continue
      count++
      if (first < 0) first = i
    }
  }
  return count === 0 ? null : { count, first }
}
