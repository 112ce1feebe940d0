import { describe, expect, it } from 'vitest'
import { shapeSchema } from '#contract/shape.ts'
import { checkMemory, formatBytes, memoryNeed } from './memory.ts'

const shape = shapeSchema.parse({ m: 1, n: 2 ** 20, k: 1024, tB: true })
const roomy = { maxBufferBytes: 2 ** 40, workingSetBytes: 2 ** 40, hostFreeBytes: 2 ** 40, sharesHostMemory: true }
const refusal = (limits: Partial<typeof roomy>, sets = 1) => {
  const result = checkMemory(shape, memoryNeed(shape, { sets, outputs: 2 }), { ...roomy, ...limits })
  return result.ok ? null : result.error
}

describe('checkMemory', () => {
  it('lets through what fits', () => {
    expect(refusal({})).toBeNull()
  })
  it('names what is needed, what there is and the operands', () => {
    expect(refusal({ maxBufferBytes: 2 ** 30 })).toMatchObject({
      kind: 'unsupported',
      message: expect.stringMatching(/needs 2\.00 GiB in one buffer; there are 1\.00 GiB.*B 2\.00 GiB/),
    })
    expect(refusal({ workingSetBytes: 2 ** 31 })?.message).toMatch(/of device memory/)
    expect(refusal({ hostFreeBytes: 2 ** 32 })?.message).toMatch(/needs 6\.0\d GiB of memory; there are 4\.00 GiB/)
  })
  it('counts every set of a rotation', () => {
    expect(refusal({ workingSetBytes: 5 * 2 ** 31 }, 4)).toBeNull()
    expect(refusal({ workingSetBytes: 5 * 2 ** 31 }, 5)?.message).toMatch(/needs 10\.0\d GiB of device memory/)
  })
  it('counts device memory as the host’s own only where they are the same', () => {
    expect(refusal({ hostFreeBytes: 4.1 * 2 ** 30, sharesHostMemory: false })).toBeNull()
  })
})

describe('formatBytes', () => {
  it('uses the unit that fits', () => {
    expect([0, 1023, 1536, 2 ** 31].map(formatBytes)).toEqual(['0 B', '1023 B', '1.50 KiB', '2.00 GiB'])
  })
})
