import { describe, expect, it } from 'vitest'
import { shapeSchema } from '#contract/shape.ts'
import { decodeElements, halfValues } from './float-formats.ts'
import { createOperands, effectiveShape, elementCounts, operandA, operandB } from './operands.ts'
import { Sequences } from './sequences.ts'

const shape = (fields: object) => shapeSchema.parse({ m: 2, n: 5, k: 3, ...fields })

describe('createOperands', () => {
  it('repeats for a seed and changes with it', async () => {
    const one = await createOperands(shape({ bias: true }), { data: 'random', seed: 1 })
    expect(await createOperands(shape({ bias: true }), { data: 'random', seed: 1 })).toEqual(one)
    expect((await createOperands(shape({ bias: true }), { data: 'random', seed: 2 })).a).not.toEqual(one.a)
  })

  it('has the elements of the shape, and bias and C0 only when they are read', async () => {
    const full = await createOperands(shape({ batch: 4, bias: true, accumulate: true }), { data: 'random', seed: 1 })
    expect([full.a.length, full.b.length, full.bias?.length, full.c0?.length]).toEqual([24, 60, 5, 40])
    const plain = await createOperands(shape({}), { data: 'random', seed: 1 })
    expect([plain.bias, plain.c0]).toEqual([null, null])
    expect(elementCounts(shape({ batch: 4 })).bias).toBe(0)
  })

  it.each(['f16', 'bf16', 'f32'] as const)('makes ±1 exact and free of zeros in %s', async (dtype) => {
    const made = await createOperands(shape({ dtype, n: 200, bias: true, beta: 1 }), { data: 'pm1', seed: 3 })
    for (const elements of [made.a, made.b, made.c0!])
      expect(new Set(decodeElements(dtype, elements))).toEqual(new Set([-1, 1]))
    const bias = decodeElements(dtype, made.bias!)
    for (const value of bias) expect(Math.abs(value) % 2).toBe(1)
    expect(new Set(bias).size).toBeGreaterThan(10)
  })

  it('is the same with sequences that other shapes drew from', async () => {
    const sequences = new Sequences()
    const requests = (['random', 'pm1'] as const).flatMap((data) =>
      [1, 2].map((seed) => ({ data, seed, biasScale: 8 })),
    )
    for (const fields of [
      { n: 3 },
      { n: 900, k: 70, bias: true, beta: 1 },
      { n: 40, dtype: 'f32' },
      { n: 7, bias: true },
    ])
      for (const request of requests)
        expect(await createOperands(shape(fields), request, sequences)).toEqual(
          await createOperands(shape(fields), request),
        )
  })

  it('scales only the bias', async () => {
    const made = await createOperands(shape({ n: 400, bias: true }), { data: 'random', seed: 1, biasScale: 64 })
    expect(Math.max(...decodeElements('f16', made.bias!))).toBeGreaterThan(32)
    expect(Math.max(...decodeElements('f16', made.b))).toBeLessThanOrEqual(1)
  })

  it('repeats itself in very large operands only', async () => {
    const { b } = await createOperands(shapeSchema.parse({ m: 1, n: 4_194_401, k: 1 }), { data: 'random', seed: 1 })
    expect(b.slice(4_194_301)).toEqual(b.slice(0, 100))
    expect(new Set(b.slice(0, 100_000)).size).toBeGreaterThan(10_000)
  })

  it('draws legacy operands from one stream in the order A, B, bias, C', async () => {
    const made = await createOperands(shape({ m: 1, n: 1, k: 2, bias: true, beta: 1 }), { data: 'legacy', seed: 9 })
    const values = [...made.a, ...made.b, ...made.bias!, ...made.c0!].map((bits) => halfValues[bits]!.toFixed(3))
    expect((await createOperands(shape({}), { data: 'legacy', seed: 1 })).c0).toHaveLength(10)
    expect(values.slice(0, 5)).toEqual(['0.108', '-0.302', '-0.107', '0.012', '-0.965'])
  })
})

describe('effectiveShape', () => {
  it('gives accumulate the beta it means', async () => {
    expect(effectiveShape(shape({ accumulate: true })).beta).toBe(1)
    expect(effectiveShape(shape({ accumulate: true, beta: 0.5 })).beta).toBe(0.5)
    expect(effectiveShape(shape({})).beta).toBe(0)
  })
})

describe('operandA and operandB', () => {
  it('transpose every batch where the kernel wants the other layout', async () => {
    const operands = await createOperands(shape({ batch: 2, n: 70, k: 33, tA: true }), { data: 'random', seed: 1 })
    expect(await operandA(operands, true)).toBe(operands.a)
    expect(await operandB(operands, false)).toBe(operands.b)
    const b = await operandB(operands, true)
    for (const [at, n, k] of [
      [0, 0, 0],
      [0, 69, 32],
      [1, 5, 31],
      [1, 64, 1],
    ] as const) {
      expect(b[at * 70 * 33 + n * 33 + k]).toBe(operands.b[at * 70 * 33 + k * 70 + n])
    }
    const a = await operandA(operands, false)
    for (const [at, m, k] of [
      [0, 1, 32],
      [1, 0, 7],
    ] as const)
      expect(a[at * 66 + m * 33 + k]).toBe(operands.a[at * 66 + k * 2 + m])
  })
})
