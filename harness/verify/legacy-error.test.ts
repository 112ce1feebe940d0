import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { shapeSchema } from '#contract/shape.ts'
import { encodeHalf } from './float-formats.ts'
import { formatLegacy, legacyError, legacyReference } from './legacy-error.ts'
import { createOperands } from './operands.ts'
import { poisonedElements } from './poison.ts'

const golden = readFileSync(new URL('./fixtures/golden-errors.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','))
  .map(([batch, n, k, tB, bias, ...printed]) => ({
    shape: shapeSchema.parse({
      m: 1,
      n: Number(n),
      k: Number(k),
      batch: Number(batch),
      tB: tB === '1',
      bias: bias === '1',
    }),
    printed,
  }))
  // The vocabulary projection alone is 136 million values; the fixture's other rows cover every layout and bias.
  .filter(({ shape }) => shape.n < 100_000)

describe('legacy error', () => {
  it.each(golden)('prints the recorded digits on n=$shape.n k=$shape.k', async ({ shape, printed }) => {
    const operands = await createOperands(shape, { data: 'legacy', seed: 1 })
    const ideal = Uint16Array.from(await legacyReference(operands), encodeHalf)
    const error = await legacyError(operands, ideal)
    const untouched = await legacyError(operands, poisonedElements('f16', ideal.length))
    expect([
      formatLegacy(error.maxAbs),
      formatLegacy(error.maxRel),
      formatLegacy(untouched.maxAbs),
      untouched.maxRel.toFixed(4),
    ]).toEqual(printed)
  })

  it('covers every recorded shape but the largest', () => {
    expect(golden).toHaveLength(20)
  })

  it('is not a number when an output is not', async () => {
    const operands = await createOperands(shapeSchema.parse({ m: 1, n: 2, k: 2 }), { data: 'legacy', seed: 1 })
    expect((await legacyError(operands, Uint16Array.of(0, 0x7e00))).maxAbs).toBe(Number.MAX_VALUE)
  })

  it('scales and accumulates: alpha · (sum + bias) + beta · initial', async () => {
    const shape = shapeSchema.parse({ m: 2, n: 2, k: 1, tA: true, bias: true, alpha: 2, beta: 3, dtype: 'f32' })
    const operands = {
      shape,
      a: Float32Array.of(1, 10),
      b: Float32Array.of(1, 2),
      bias: Float32Array.of(5, 7),
      c0: Float32Array.of(1, 1, 1, 1),
    }
    expect([...(await legacyReference(operands))]).toEqual([2 * 6 + 3, 2 * 9 + 3, 2 * 15 + 3, 2 * 27 + 3])
  })
})
