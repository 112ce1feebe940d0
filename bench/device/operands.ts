import type { Case } from './cases.ts'

// Eighths between -1 and 1: every sum of their products is exact in float, in any order.
const operand = (i: number, step: number) => (((i * step) % 17) - 8) / 8

function filled(count: number, step: number, dtype: Case['dtype']): ArrayBufferView {
  const values = dtype === 'f32' ? new Float32Array(count) : new Float16Array(count)
  for (let i = 0; i < count; i++) values[i] = operand(i, step)
  return values
}

/** A and B as opencl/driver.cpp makes them, in the type asked for. */
export function operandsOf({ m, n, k }: Case, dtype: Case['dtype']): { a: ArrayBufferView; b: ArrayBufferView } {
  return { a: filled(m * k, 11, dtype), b: filled(n * k, 7, dtype) }
}

/** Sum of the magnitudes of C: what tells a right result from a wrong one here. */
export function magnitudeOf(c: Float32Array | Float16Array): number {
  let sum = 0
  for (const value of c) sum += Math.abs(value)
  return sum
}
