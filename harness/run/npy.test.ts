import { describe, expect, it } from 'vitest'
import { decodeNpy, encodeNpy } from './npy.ts'

const sample = { dtype: '<f4', shape: [2, 3], data: new Uint8Array(new Float32Array([1, 2, 3, 4, 5, 6]).buffer) }

/** A file as NumPy 1.x writes it, byte for byte: numpy.save of arange(3, dtype='<u2'). */
const fromNumpy = Buffer.concat([
  Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0x76, 0]),
  Buffer.from(`${"{'descr': '<u2', 'fortran_order': False, 'shape': (3,), }".padEnd(117)}\n`),
  Buffer.from([0, 0, 1, 0, 2, 0]),
])

describe('npy files', () => {
  it('read back what was written', () => {
    expect(decodeNpy(encodeNpy(sample))).toEqual({ ok: true, value: sample })
  })

  it('are what NumPy writes', () => {
    const array = { dtype: '<u2', shape: [3], data: new Uint8Array([0, 0, 1, 0, 2, 0]) }
    expect(Buffer.from(encodeNpy(array))).toEqual(fromNumpy)
    expect(decodeNpy(fromNumpy)).toMatchObject({ ok: true, value: { dtype: '<u2', shape: [3] } })
  })

  it('start their elements at a multiple of 64 bytes', () => {
    for (const extent of [1, 1e9, 1e15])
      expect(encodeNpy({ dtype: '<f2', shape: [extent], data: new Uint8Array(0) }).length % 64).toBe(0)
  })

  it.each([
    ['text', Buffer.from('not an array, but longer than a header'), 'not a .npy'],
    ['a cut file', Buffer.from(encodeNpy(sample)).subarray(0, -1), '23 bytes'],
    [
      'column-major order',
      Buffer.from(Buffer.from(encodeNpy(sample)).toString('latin1').replace('False', 'True '), 'latin1'),
      'column-major',
    ],
  ])('are refused: %s', (_, file, why) => {
    expect(decodeNpy(file)).toMatchObject({
      ok: false,
      error: { kind: 'invalid', message: expect.stringContaining(why) },
    })
  })
})
