import { describe, expect, it } from 'vitest'
import type { ScalarType } from '#contract/launch.ts'
import { compareOutputs, firstOfEachBuffer } from './order-dependence.ts'

const output = (elements: Float32Array | Uint16Array | Int32Array, type: ScalarType) => ({
  index: 2,
  name: 'C',
  type,
  bytes: new Uint8Array(elements.buffer),
})

describe('compareOutputs', () => {
  it('finds nothing where the bytes agree, NaN or not', () => {
    const values = output(new Float32Array([1, Number.NaN]), 'f32')
    expect(compareOutputs([values], [output(new Float32Array([1, Number.NaN]), 'f32')], 1)).toEqual([])
  })

  it('names the first element that differs, its values, and how many do', () => {
    const before = output(new Float32Array([1, 2, 3, 4]), 'f32')
    const after = output(new Float32Array([1, 2.5, 3, 8]), 'f32')
    const [found] = compareOutputs([before], [after], 3)
    expect(found).toMatchObject({ buffer: 2, firstIndex: 1, differing: 2, elements: 4, values: [2, 2.5], schedule: 3 })
    expect(found?.message).toContain('element 1 is 2 in order and 2.5 under schedule 3; 2 of 4 elements differ')
  })

  it('reads halves and integers as what they are', () => {
    const halves = compareOutputs(
      [output(new Uint16Array([0x3c00]), 'f16')],
      [output(new Uint16Array([0x7e00]), 'f16')],
      1,
    )
    expect(halves[0]?.values).toEqual([1, null])
    const integers = compareOutputs([output(new Int32Array([-1]), 'i32')], [output(new Int32Array([5]), 'i32')], 1)
    expect(integers[0]?.values).toEqual([-1, 5])
  })

  it('sees a difference in the sign of zero', () => {
    const found = compareOutputs([output(new Float32Array([0]), 'f32')], [output(new Float32Array([-0]), 'f32')], 1)
    expect(found).toHaveLength(1)
  })
})

it('keeps one note for each buffer', () => {
  const before = output(new Int32Array([1]), 'i32')
  const found = [1, 2].flatMap((schedule) => compareOutputs([before], [output(new Int32Array([2]), 'i32')], schedule))
  expect(firstOfEachBuffer(found).map(({ schedule }) => schedule)).toEqual([1])
})
