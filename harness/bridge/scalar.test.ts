import { describe, expect, it } from 'vitest'
import { fromBfloat16Bits, scalarBits, toBfloat16Bits } from './scalar.ts'

describe('bfloat16', () => {
  it('rounds to nearest, ties to even', () => {
    expect(toBfloat16Bits(1)).toBe(0x3f80)
    expect(toBfloat16Bits(1 + 2 ** -8)).toBe(0x3f80)
    expect(toBfloat16Bits(1 + 3 * 2 ** -8)).toBe(0x3f82)
    expect(toBfloat16Bits(1 + 2 ** -8 + 2 ** -20)).toBe(0x3f81)
  })

  it('overflows to infinity and keeps NaN', () => {
    expect(toBfloat16Bits(3.4e38)).toBe(0x7f80)
    expect(fromBfloat16Bits(toBfloat16Bits(Number.NaN))).toBeNaN()
  })

  it('reads back every pattern that is a number', () => {
    for (let bits = 0; bits < 0x7f80; bits++) expect(toBfloat16Bits(fromBfloat16Bits(bits))).toBe(bits)
  })
})

describe('scalarBits', () => {
  it('zero-extends negative numbers of narrow types', () => {
    expect(scalarBits('i8', -1)).toBe(0xffn)
    expect(scalarBits('i64', -1)).toBe(0xffff_ffff_ffff_ffffn)
    expect(scalarBits('bool', true)).toBe(1n)
    expect(scalarBits('f16', 1.5)).toBe(0x3e00n)
    expect(scalarBits('f32', 1.5)).toBe(0x3fc0_0000n)
  })
})
