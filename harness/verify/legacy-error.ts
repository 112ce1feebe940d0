import { activationOf } from './activation.ts'
import { decodeElements, type Elements } from './float-formats.ts'
import { notANumber } from './judge-output.ts'
import { effectiveShape, type Operands } from './operands.ts'
import { unwrittenTest } from './poison.ts'
import { eachSlice } from './slices.ts'

/** Error as recorded logs print it. */
export interface LegacyError {
  maxAbs: number
  maxRel: number
}

/**
 * The old harness' own reference, in float: one accumulator per output, k ascending, then alpha · (sum + bias) +
 * beta · initial, and the activation. Not the truth (that is float64): kept so that old logs can be checked digit by digit.
 */
export async function legacyReference(operands: Operands): Promise<Float32Array> {
  const { m, n, k, batch, alpha, beta, tA, tB, act, dtype } = effectiveShape(operands.shape)
  const a = decodeElements(dtype, operands.a)
  const b = decodeElements(dtype, operands.b)
  const bias = operands.bias && decodeElements(dtype, operands.bias)
  const c0 = operands.c0 && decodeElements(dtype, operands.c0)
  const out = new Float32Array(batch * m * n)
  const activate = activationOf[act]
  const [aRow, aStep] = tA ? [1, m] : [k, 1]
  const [bColumn, bStep] = tB ? [k, 1] : [1, n]
  await eachSlice(out.length, Math.ceil(2 ** 24 / k), (begin, end) => {
    for (let at = begin; at < end; at++) {
      const column = at % n
      const row = Math.floor(at / n) % m
      const entry = Math.floor(at / (m * n))
      let aAt = entry * m * k + row * aRow
      let bAt = entry * k * n + column * bColumn
      let sum = 0
      for (let p = 0; p < k; p++, aAt += aStep, bAt += bStep) sum = Math.fround(sum + Math.fround(a[aAt]! * b[bAt]!))
      const product = Math.fround(alpha * Math.fround(sum + (bias ? bias[column]! : 0)))
      out[at] = activate(c0 ? Math.fround(product + Math.fround(beta * c0[at]!)) : product)
    }
  })
  return out
}

/**
 * Largest |v − ref| and |v − ref| ÷ max(1, |v|, |ref|) of an output that was poisoned before the run. Elements never
 * written count as the initial output, which the old harness left there. An output that is not a number otherwise
 * makes both `notANumber`.
 */
export async function legacyError(operands: Operands, output: Elements): Promise<LegacyError> {
  const reference = await legacyReference(operands)
  const { dtype } = operands.shape
  const values = decodeElements(dtype, output)
  const initial = operands.c0 && decodeElements(dtype, operands.c0)
  const isUnwritten = unwrittenTest(dtype, output)
  let maxAbs = 0
  let maxRel = 0
  for (let i = 0; i < reference.length; i++) {
    const value = initial && isUnwritten(i) ? initial[i]! : values[i]!
    const expected = reference[i]!
    const error = Math.abs(Math.fround(value - expected))
    if (Number.isNaN(error)) return { maxAbs: notANumber, maxRel: notANumber }
    maxAbs = Math.max(maxAbs, error)
    maxRel = Math.max(maxRel, Math.fround(error / Math.max(1, Math.abs(value), Math.abs(expected))))
  }
  return { maxAbs, maxRel }
}

/** `1.5522e-02`: four digits and an exponent of two, as recorded logs have it. */
export function formatLegacy(value: number): string {
  return value.toExponential(4).replace(/e([+-])(\d)$/, 'e$10$2')
}
