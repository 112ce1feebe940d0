import { describe, expect, it } from 'vitest'
import { encodeHalf, halfValues } from './float-formats.ts'
import { LegacyStream } from './legacy-stream.ts'

describe('LegacyStream', () => {
  it('starts with the recorded values', () => {
    const stream = new LegacyStream()
    const values = Array.from({ length: 5 }, () => halfValues[encodeHalf(stream.next())]!)
    const digits = [4, 4, 4, 4, 3]
    expect(values.map((v, i) => v.toPrecision(digits[i]))).toEqual([
      '0.1083',
      '-0.3022',
      '-0.1074',
      '0.01166',
      '-0.965',
    ])
  })

  it('follows the 64-bit recurrence', () => {
    const stream = new LegacyStream()
    let state = 0x123456789abcdef0n
    for (let i = 0; i < 20000; i++) {
      state = BigInt.asUintN(64, state * 6364136223846793005n + 1n)
      const expected = Math.fround((Math.fround(Number(state >> 32n)) / 2 ** 32) * 2 - 1)
      if (stream.next() !== expected) throw new Error(`value ${i} differs`)
    }
    expect(stream.next()).toBeTypeOf('number')
  })
})
