import type { Dtype } from '#contract/shape.ts'
import type { Elements } from '#harness/verify/float-formats.ts'
import { isWithinBound, judgeOutput } from '#harness/verify/judge-output.ts'
import { bitsOf } from '#harness/verify/poison.ts'
import type { Problem } from './problem.ts'

/** What a side made of a problem: the largest share of the derived bound, and why it is wrong (null: it is right). */
export interface Judgement {
  margin: number
  wrong: string | null
}

/** Every output against the float64 truth and harness/verify's derived bound; one never written is wrong too. */
export function judge({ shape, truth }: Problem, output: Elements): Judgement {
  const error = judgeOutput(shape, truth, output)
  const margin = error.bound
  if (isWithinBound(error)) return { margin, wrong: null }
  if (error.unwritten > 0) return { margin, wrong: `${error.unwritten} of ${output.length} outputs were never written` }
  const at = error.worstIndex ?? 0
  const place = `C[${Math.floor(at / shape.n)}, ${at % shape.n}]`
  return {
    margin,
    wrong: `${place} is ${error.actual}, should be ${error.expected}: ${margin.toPrecision(2)} × its bound`,
  }
}

/** How many outputs differ in bits, and the largest distance in steps between neighbouring numbers of the type. */
export interface BitDifference {
  count: number
  maxUlp: number
}

/** Compares bit for bit; NaNs of different bits are counted, and far apart. */
export function bitDifference(dtype: Dtype, output: Elements, other: Elements): BitDifference {
  const [bits, otherBits] = [bitsOf(output), bitsOf(other)]
  const sign = dtype === 'f32' ? 2 ** 31 : 2 ** 15
  // Numbers in the order of their values: the bits of negative ones count downwards from zero.
  const place = (pattern: number) => (pattern >= sign ? sign - pattern : pattern)
  const difference = { count: 0, maxUlp: 0 }
  for (let i = 0; i < bits.length; i++) {
    if (bits[i] === otherBits[i]) continue
    difference.count++
    difference.maxUlp = Math.max(difference.maxUlp, Math.abs(place(bits[i]!) - place(otherBits[i]!)))
  }
  return difference
}
