import type { Activation } from '#contract/shape.ts'
import { floatFormats } from './float-formats.ts'
import type { Trial } from './trial.ts'

/** Most that a float's or bfloat16's output may be: alpha times it is still a float, and so is the cube that gelu takes. */
const mostOfFloat: Record<Activation, number> = { none: 2 ** 60, relu: 2 ** 60, gelu: 2 ** 36, silu: 2 ** 60 }
/** A little below the largest half: what rounding adds must not make it infinite. */
const mostOfHalf = 0.9 * floatFormats.f16.max
/** A, bias and C0 are below 1 before they are scaled, and must be halves afterwards. */
const largestScaleOfHalf = 2 ** 15

/**
 * The power of two that makes A, bias and C0 of a random trial so large that its largest output is just below what a half
 * holds, and for float and bfloat16 far beyond any half and any integer. Who sums or multiplies in a narrower type, who
 * saturates or clamps, is right only on numbers about 1. Answers 1 where nothing larger fits.
 */
export function largeOutputScale({ shape, truth }: Trial): number {
  const isHalf = shape.dtype === 'f16'
  // Between inputs and output only a half's may be larger: they are summed as floats.
  const isLinear = isHalf && (shape.act === 'none' || shape.act === 'relu')
  const largest = largestOf(isLinear ? truth.c : truth.magnitude)
  if (largest === 0) return 1
  const scale = 2 ** Math.floor(Math.log2((isHalf ? mostOfHalf : mostOfFloat[shape.act]) / largest))
  return Math.max(1, isHalf ? Math.min(scale, largestScaleOfHalf) : scale)
}

function largestOf(values: Float64Array): number {
  let largest = 0
  for (const value of values) largest = Math.max(largest, Math.abs(value))
  return largest
}
