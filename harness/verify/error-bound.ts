import type { Shape } from '#contract/shape.ts'
import { floatFormats } from './float-formats.ts'

/** Unit roundoff of a float accumulator: what every kernel is held to, whatever its operands are stored in. */
const accumulatorRoundoff = 2 ** -24

/**
 * The derived bound of one output, |ĉ − c| ≤ accumulate · magnitude + round · |c| + underflow, with
 *   accumulate = 6 · √K · u_acc      (Higham and Mary, arXiv 1906.10465: rounding errors of a sum grow like √K with
 *                                     overwhelming probability; 6 is the constant that makes it so over all outputs)
 *   magnitude  = |alpha| · (|A||B| + |bias|) + |beta · C0|      of that output
 *   round      = 1.001 · u_out       (one rounding to the output type)
 *   underflow  = a half's smallest subnormal; for bfloat16 and float the smallest normal number, because GPUs flush
 *                smaller ones to zero.
 */
export interface ErrorBound {
  accumulate: number
  round: number
  underflow: number
}

/** The derived bound's factors for a shape. */
export function errorBound(shape: Shape): ErrorBound {
  const format = floatFormats[shape.dtype]
  return {
    accumulate: 6 * Math.sqrt(shape.k) * accumulatorRoundoff,
    round: 1.001 * format.unitRoundoff,
    underflow: format.underflow,
  }
}

/** Largest |ĉ − c| allowed at an output with this truth and magnitude. */
export function allowedError(bound: ErrorBound, truth: number, magnitude: number): number {
  return bound.accumulate * magnitude + bound.round * Math.abs(truth) + bound.underflow
}
