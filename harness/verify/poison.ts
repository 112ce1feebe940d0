import type { Dtype } from '#contract/shape.ts'
import { allocateElements, type Elements } from './float-formats.ts'

/**
 * What outputs hold before a kernel runs: a NaN whose payload no arithmetic produces, so that an element never written
 * can be told from one that was computed as NaN.
 */
export const poisonPatterns: Record<Dtype, { pattern: number; patternBytes: 2 | 4 }> = {
  f16: { pattern: 0x7ea5, patternBytes: 2 },
  bf16: { pattern: 0x7fe5, patternBytes: 2 },
  f32: { pattern: 0x7fe5a5a5, patternBytes: 4 },
}

/**
 * A number, 2¹⁰ or 2²⁰, for outputs to hold instead: a NaN does not show that a kernel looks at what C held before (it
 * may skip what is not NaN, and fmax ignores one).
 */
export const leftoverPatterns: Record<Dtype, { pattern: number; patternBytes: 2 | 4 }> = {
  f16: { pattern: 0x6400, patternBytes: 2 },
  bf16: { pattern: 0x4980, patternBytes: 2 },
  f32: { pattern: 0x49800000, patternBytes: 4 },
}

/** What an output holds before a run that does not read it. */
export type Leftover = 'poison' | 'number'

/** The stored bits of an output, whatever its type. */
export function bitsOf(elements: Elements): Uint16Array | Uint32Array {
  return elements instanceof Float32Array
    ? new Uint32Array(elements.buffer, elements.byteOffset, elements.length)
    : elements
}

/** Whether element `i` of an output still holds the poison. */
export function unwrittenTest(dtype: Dtype, output: Elements): (i: number) => boolean {
  const bits = bitsOf(output)
  const { pattern } = poisonPatterns[dtype]
  return (i) => bits[i] === pattern
}

/** An output as it is before a run. */
export function poisonedElements(dtype: Dtype, count: number): Elements {
  const elements = allocateElements(dtype, count)
  bitsOf(elements).fill(poisonPatterns[dtype].pattern)
  return elements
}
