import type { Activation } from '#contract/shape.ts'

/** 2·√(2/π): x/2 · (1 + tanh u) = x / (1 + e^−2u). */
const twiceGeluSlope = 2 * Math.sqrt(2 / Math.PI)

/** The activations of a shape, in float64. What is not a number stays so. */
export const activationOf: Record<Activation, (x: number) => number> = {
  none: (x) => x,
  relu: (x) => Math.max(x, 0),
  gelu: (x) => x / (1 + Math.exp(-twiceGeluSlope * (x + 0.044715 * x ** 3))),
  silu: (x) => x / (1 + Math.exp(-x)),
}

/** Why no output of a shape is an integer, whatever its operands are; null where they can be. */
export function whyNeverExact(act: Activation): string | null {
  return act === 'none' || act === 'relu'
    ? null
    : `${act} of an integer is none: ±1 data was judged by the derived bound instead`
}
