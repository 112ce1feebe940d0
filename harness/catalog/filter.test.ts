import { describe, expect, it } from 'vitest'
import { variantSchema } from '#contract/manifest.ts'
import { rejectReason } from './filter.ts'
import { shapeOf, supportsAll } from './workspace-fixture.ts'

const variantOf = (supports: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
  variantSchema.parse({ name: 'v', supports: supportsAll(supports), ...rest })
const reasonOf = (name: string, shape: Parameters<typeof shapeOf>[0]) =>
  rejectReason(variantOf({}, { name }), shapeOf(shape))
const large = { m: 17, n: 4096, k: 4096 }

describe('rejectReason', () => {
  it('takes what is supported', () => {
    expect(
      rejectReason(variantOf({}), shapeOf({ ...large, tA: true, tB: true, batch: 2, bias: true, beta: 1 })),
    ).toBeNull()
  })

  it.each([
    [{ transposeA: false }, { tA: true }, 'transposeA not supported'],
    [{ transposeB: false }, { tB: true }, 'transposeB not supported'],
    [{ expectedTransposeA: true }, {}, 'transposeA=false but expected true'],
    [{ expectedTransposeB: false }, { tB: true }, 'transposeB=true but expected false'],
    [{ batch: false }, { batch: 2 }, 'batch not supported'],
    [{ bias: false }, { bias: true }, 'bias not supported'],
    [{ accumulate: false }, { accumulate: true }, 'accumulate not supported'],
    [{ accumulate: false }, { beta: 0.5 }, 'accumulate not supported'],
    [{ activation: false }, { act: 'relu' as const }, 'activation not supported'],
    [{}, { act: 'silu' as const }, 'activation not supported'],
    [{ smallMN: false }, { m: 16 }, 'smallMN not supported'],
    [{ smallMN: false }, { n: 16 }, 'smallMN not supported'],
    [{ smallK: false }, { k: 63 }, 'smallK not supported'],
    [{ supportedNValues: [64, 128] }, { n: 65 }, 'n=65 not in supportedNValues'],
  ])('%o rejects %o', (supports, shape, reason) => {
    expect(rejectReason(variantOf(supports), shapeOf({ ...large, ...shape }))).toBe(reason)
  })

  it.each([
    [{ smallMN: false }, { m: 17, n: 17 }],
    [{ smallK: false }, { k: 64 }],
    [{ supportedNValues: [64] }, { n: 64 }],
    [{ batch: false }, { batch: 1 }],
    [{ activation: true }, { act: 'gelu' as const }],
  ])('%o takes %o, on the edge', (supports, shape) => {
    expect(rejectReason(variantOf(supports), shapeOf({ ...large, ...shape }))).toBeNull()
  })

  it('answers the first rule in the order of the format', () => {
    const none = variantOf({ transposeA: false, transposeB: false, batch: false, smallMN: false })
    expect(rejectReason(none, shapeOf({ m: 1, n: 1, k: 1, tA: true, tB: true, batch: 2 }))).toBe(
      'transposeA not supported',
    )
    expect(rejectReason(none, shapeOf({ m: 1, n: 1, k: 1, batch: 2 }))).toBe('batch not supported')
  })

  it.each([
    ['nt_ultra_tiny', { m: 1, n: 2048, k: 2048 }, { m: 1, n: 2049, k: 64 }],
    ['nt_ultra_tiny', { m: 1, n: 64, k: 64 }, { m: 2, n: 64, k: 64 }],
    ['nt_fused_bias', { m: 1, n: 64, k: 64, bias: true }, { m: 1, n: 64, k: 64 }],
    ['nt_bn4_largek_smalln_tg256', { m: 1, n: 2048, k: 2048 }, { m: 1, n: 896, k: 2047 }],
    ['nt_smalln', { m: 1, n: 16, k: 8 }, { m: 1, n: 17, k: 8 }],
    ['nt_bn256_col_vec4_tgread_bk64', { m: 1, n: 4096, k: 64 }, { m: 1, n: 4095, k: 64 }],
    ['worksteal_chunk4', { m: 1, n: 32768, k: 64 }, { m: 1, n: 32767, k: 64 }],
    ['triplebuf', { m: 1, n: 4096, k: 64 }, { m: 2, n: 4096, k: 64 }],
    ['nt_rows4', { m: 4, n: 64, k: 64 }, { m: 3, n: 64, k: 64 }],
    ['nt_dbg', { m: 1, n: 32, k: 2048 }, { m: 1, n: 31, k: 2048 }],
  ])('the name %s takes %o and rejects %o', (name, taken, rejected) => {
    expect(reasonOf(name, taken)).toBeNull()
    expect(reasonOf(name, rejected)).toMatch(/^name says /)
  })

  it('reads bn256 as a gate only together with tgread', () => {
    expect(reasonOf('nt_bn256_col', { m: 1, n: 64, k: 64 })).toBeNull()
  })

  it('takes ranges from requires, which replace what the name says', () => {
    const variant = variantOf({}, { name: 'nt_smalln', requires: { n: { max: 64, multipleOf: 4 }, k: { min: 8 } } })
    expect(rejectReason(variant, shapeOf({ m: 5, n: 64, k: 8 }))).toBeNull()
    expect(rejectReason(variant, shapeOf({ m: 1, n: 62, k: 8 }))).toBe('n=62 but a multiple of 4 is required')
    expect(rejectReason(variant, shapeOf({ m: 1, n: 64, k: 7 }))).toBe('k=7 but at least 8 is required')
  })
})
