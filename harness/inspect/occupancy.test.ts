import { describe, expect, it } from 'vitest'
import { gpuModels } from './gpu-models.ts'
import { estimateOccupancy } from './occupancy.ts'

const model = (name: string) => {
  const found = gpuModels.find((candidate) => candidate.name.includes(name))
  if (!found) throw new Error(`no model ${name}`)
  return found
}
const h200 = model('H200')
const m1 = model('M1')

describe('estimateOccupancy', () => {
  it('is limited by threads where nothing else is short', () => {
    const estimate = estimateOccupancy(h200, { threads: 256, bytes: 0, registers: 32, groups: 132 * 8 })
    expect(estimate).toMatchObject({ limitedBy: 'threads', share: { value: 1 }, waves: { value: 1 } })
  })

  it('counts what the system takes of each threadgroup', () => {
    // 227 KiB and the 1 KiB of the system are all that there is; a byte more than half of it leaves room for one.
    const all = estimateOccupancy(h200, { threads: 128, bytes: 227 * 1024, registers: 32, groups: 1 })
    expect(all).toMatchObject({ limitedBy: 'threadgroup memory', share: { value: 4 / 64 } })
    const half = estimateOccupancy(h200, { threads: 128, bytes: 113 * 1024, registers: 32, groups: 1 })
    expect(half.share.value).toBe(8 / 64)
    const more = estimateOccupancy(h200, { threads: 128, bytes: 113 * 1024 + 1, registers: 32, groups: 1 })
    expect(more.share.value).toBe(4 / 64)
  })

  it('hands registers out by the simdgroup', () => {
    // 127 registers × 32 = 4064, rounded up to 4096: 16 simdgroups, 4 threadgroups of 4.
    const estimate = estimateOccupancy(h200, { threads: 128, bytes: 9728, registers: 127, groups: 4 })
    expect(estimate).toMatchObject({ limitedBy: 'registers', share: { value: 16 / 64 } })
  })

  it('limits small threadgroups by their number', () => {
    const estimate = estimateOccupancy(h200, { threads: 32, bytes: 0, registers: 16, groups: 4 })
    expect(estimate).toMatchObject({ limitedBy: 'threadgroups', share: { value: 0.5 } })
  })

  it('says of unknown registers that they are unknown', () => {
    const { limits } = estimateOccupancy(h200, { threads: 32, bytes: 0, registers: null, groups: 4 })
    expect(limits.find(({ resource }) => resource === 'registers')).toMatchObject({ groups: null })
  })

  it('refuses a threadgroup that a model cannot run', () => {
    const tooMany = estimateOccupancy(m1, { threads: 1025, bytes: 0, registers: null, groups: 4 })
    expect(tooMany).toMatchObject({ limitedBy: null, share: { value: 0 }, waves: { value: 0 } })
    expect(tooMany.refusal).toContain('1025 threads')
    expect(estimateOccupancy(m1, { threads: 32, bytes: 32769, registers: null, groups: 4 }).refusal).toContain('32769')
  })

  it('says how many threadgroups of 32 KiB an M1 core holds', () => {
    const estimate = estimateOccupancy(m1, { threads: 256, bytes: 32768, registers: null, groups: 32 })
    expect(estimate).toMatchObject({ limitedBy: 'threadgroup memory', share: { value: 16 / 96 }, waves: { value: 2 } })
  })
})
