import { describe, expect, it } from 'vitest'
import {
  decodeBfloat,
  decodeElements,
  encodeBfloat,
  encodeHalf,
  floatFormats,
  halfValues,
  roundTo,
  ulpAt,
} from './float-formats.ts'

/** The engine's own halves are the independent witness where it has them (Node 24). */
const nativeHalf = (globalThis as { Float16Array?: new (buffer: ArrayBuffer) => { [i: number]: number } }).Float16Array

describe('half', () => {
  it('reads every bit pattern as the engine does', () => {
    expect(nativeHalf).toBeDefined()
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i)
    const values = new nativeHalf!(bits.buffer)
    for (let i = 0; i < 65536; i++)
      expect(Object.is(halfValues[i], values[i]) || (Number.isNaN(halfValues[i]!) && Number.isNaN(values[i]!))).toBe(
        true,
      )
  })

  it('writes floats as the engine does: neighbours, ties and both sides of every half', () => {
    const store = new Uint16Array(1)
    const native = new nativeHalf!(store.buffer)
    const floats = new Float32Array(1)
    const floatBits = new Uint32Array(floats.buffer)
    for (let i = 0; i < 0x7c00; i++) {
      const middle = Math.fround((halfValues[i]! + (i === 0x7bff ? 65536 : halfValues[i + 1]!)) / 2)
      floats[0] = middle
      const base = floatBits[0]!
      for (const bits of [base - 1, base, base + 1]) {
        floatBits[0] = bits
        for (const value of [floats[0]!, -floats[0]!]) {
          native[0] = value
          if (encodeHalf(value) !== store[0]) expect([value, encodeHalf(value)]).toEqual([value, store[0]])
        }
      }
    }
    expect(encodeHalf(Number.NaN) & 0x7fff).toBeGreaterThan(0x7c00)
    expect(encodeHalf(1e9)).toBe(0x7c00)
    expect(encodeHalf(-65520)).toBe(0xfc00)
  })
})

describe('bfloat16', () => {
  it('rounds to nearest even and keeps special values', () => {
    expect(encodeBfloat(1)).toBe(0x3f80)
    expect(encodeBfloat(1 + 2 ** -8)).toBe(0x3f80)
    expect(encodeBfloat(1 + 3 * 2 ** -8)).toBe(0x3f82)
    expect(encodeBfloat(-Infinity)).toBe(0xff80)
    expect(Number.isNaN(decodeBfloat(encodeBfloat(Number.NaN)))).toBe(true)
    expect([...decodeElements('bf16', Uint16Array.of(0x3f80, 0xc000, 0x0001))]).toEqual([1, -2, decodeBfloat(1)])
  })
})

describe('roundTo', () => {
  it('rounds once: a double just above a tie goes up although its float is the tie', () => {
    expect(roundTo('f16', 1 + 2 ** -11)).toBe(1)
    expect(roundTo('f16', 1 + 2 ** -11 + 2 ** -40)).toBe(1 + 2 ** -10)
    expect(roundTo('f16', -(1 + 3 * 2 ** -11))).toBe(-(1 + 2 ** -9))
  })
  it('overflows to infinity and keeps subnormals', () => {
    expect(roundTo('f16', 65519)).toBe(65504)
    expect(roundTo('f16', 65520)).toBe(Infinity)
    expect(roundTo('f16', 3 * 2 ** -25)).toBe(2 ** -23)
    expect(roundTo('bf16', 257)).toBe(256)
  })
})

describe('ulpAt', () => {
  it('is the spacing at the value', () => {
    expect(ulpAt(floatFormats.f16, 1)).toBe(2 ** -10)
    expect(ulpAt(floatFormats.f16, 0.999)).toBe(2 ** -11)
    expect(ulpAt(floatFormats.f16, 0)).toBe(2 ** -24)
    expect(ulpAt(floatFormats.f32, -3)).toBe(2 ** -22)
    expect(ulpAt(floatFormats.bf16, 256)).toBe(2)
    expect(ulpAt(floatFormats.f16, Infinity)).toBeNaN()
  })
})
