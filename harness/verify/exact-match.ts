import type { Shape } from '#contract/shape.ts'
import { decodeElements, type Elements, roundTo } from './float-formats.ts'
import { finiteOrNull, type Truth } from './judge-output.ts'

/** Integers up to here are exact in a float accumulator, in any order of summation. */
const exactAccumulatorLimit = 2 ** 24
const largestBias = 255

/**
 * The shape to run the exact gate on, or null when no order of summation could be exact. Operands are ±1 and bias is an
 * odd integer, so every partial sum is an integer of at most K + 255 in magnitude: exact in a float accumulator while
 * that is at most 2²⁴. The result is then rounded once to the output type; below 2¹¹ (half) or 2⁸ (bfloat16) that
 * rounding is exact too, above it the correctly rounded integer is expected. alpha and beta are replaced by the nearest
 * powers of two, which scale without rounding. Of the activations only relu keeps integers: see whyNeverExact.
 */
export function exactShape(shape: Shape): Shape | null {
  if (shape.k + largestBias > exactAccumulatorLimit) return null
  return { ...shape, alpha: nearestPowerOfTwo(shape.alpha), beta: nearestPowerOfTwo(shape.beta) }
}

function nearestPowerOfTwo(value: number): number {
  return value === 0 ? 0 : Math.sign(value) * 2 ** Math.round(Math.log2(Math.abs(value)))
}

/** What bit equality found. `first` is the first output that differs. */
export interface ExactMatch {
  mismatches: number
  first: { index: number; expected: number | null; actual: number | null } | null
}

/** Gate 2: every output must be the truth rounded once to the type (zeros of either sign are equal). */
export function matchExactly(shape: Shape, truth: Truth, output: Elements): ExactMatch {
  const values = decodeElements(shape.dtype, output)
  const match: ExactMatch = { mismatches: 0, first: null }
  for (let i = 0; i < values.length; i++) {
    if (values[i] === truth.c[i]) continue
    const expected = roundTo(shape.dtype, truth.c[i]!)
    if (values[i] === expected) continue
    match.mismatches++
    match.first ??= { index: i, expected: finiteOrNull(expected), actual: finiteOrNull(values[i]!) }
  }
  return match
}
