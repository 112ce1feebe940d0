import type { Activation, Shape } from '#contract/shape.ts'
import { floatFormats } from './float-formats.ts'

/** Unit roundoff of a float accumulator: what every kernel is held to, whatever its operands are stored in. */
const accumulatorRoundoff = 2 ** -24

/** Two neighbouring floats differ by at most this share of their value. */
const unitInLastPlace = 2 ** -23

/**
 * What an activation makes of an error before it, and what computing it adds. Metal's fast mathematics allow e^x an error
 * of 3 + 2·|x| units in the last place and a quotient 2.5, so that x / (1 + e^−g) is off by at most
 *   6.5 of its own units           2.5 of the quotient, ½ + ½ of the sum and of x, 3 of e^−g
 *   2·|g|·|x|·s·(1 − s) units of 1 the rest of e^−g, where s = 1 / (1 + e^−g): at most 0.88 for silu, where g = x
 *   as much for the argument       gelu's g = 2·√(2/π)·(x + 0.044715 x³) comes with five roundings: 2 · 0.26 + 2.5 · 0.26
 */
const activationErrors: Record<Activation, { lipschitz: number; relative: number; absolute: number }> = {
  none: { lipschitz: 1, relative: 0, absolute: 0 },
  relu: { lipschitz: 1, relative: 0, absolute: 0 },
  gelu: { lipschitz: 1.129, relative: 6.5 * unitInLastPlace, absolute: 1.25 * unitInLastPlace },
  silu: { lipschitz: 1.1, relative: 6.5 * unitInLastPlace, absolute: 0.9 * unitInLastPlace },
}

/**
 * The derived bound of one output, |ĉ − c| ≤ accumulate · magnitude + round · |c| + underflow, with
 *   accumulate = 6 · √K · u_acc      (Higham and Mary, arXiv 1906.10465: rounding errors of a sum grow like √K with
 *                                     overwhelming probability; 6 is the constant that makes it so over all outputs)
 *   magnitude  = |alpha| · (|A||B| + |bias|) + |beta · C0|      of that output
 *   round      = 1.001 · u_out       (one rounding to the output type)
 *   underflow  = a half's smallest subnormal; for bfloat16 and float the smallest normal number, because GPUs flush
 *                smaller ones to zero.
 * c is the output after the activation, magnitude that of what goes into it: accumulate is multiplied by the largest slope
 * of the activation, and round and underflow have its own error in them.
 */
export interface ErrorBound {
  accumulate: number
  round: number
  underflow: number
}

/** The derived bound's factors for a shape. */
export function errorBound(shape: Shape): ErrorBound {
  const format = floatFormats[shape.dtype]
  const { lipschitz, relative, absolute } = activationErrors[shape.act]
  return {
    accumulate: lipschitz * 6 * Math.sqrt(shape.k) * accumulatorRoundoff,
    round: 1.001 * format.unitRoundoff + relative,
    underflow: format.underflow + absolute,
  }
}

/** Largest |ĉ − c| allowed at an output with this truth and magnitude. */
export function allowedError(bound: ErrorBound, truth: number, magnitude: number): number {
  return bound.accumulate * magnitude + bound.round * Math.abs(truth) + bound.underflow
}
