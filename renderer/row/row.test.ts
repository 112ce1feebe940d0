import { describe, expect, it } from 'vitest'
import { fakeRow } from '../dev/fake-rows.ts'
import { armTime, ratioText, roofText } from './row-text.ts'
import { histogram, sampleSeries } from './sample-series.ts'

describe('rows as text', () => {
  it('never calls CPU time GPU time', () => {
    const row = fakeRow({})
    expect(armTime(row.kernel)?.domain).toBe('CPU')
    expect(armTime({ ...row.kernel, cpuNs: undefined, gpuNs: 1000 })?.domain).toBe('GPU')
    expect(armTime({ ...row.kernel, cpuNs: undefined })).toBeNull()
  })

  it('says by which peak a shape is limited, and where its operands lie', () => {
    const { roof } = fakeRow({})
    if (!roof) throw new Error('fixture')
    expect(roofText(roof)).toMatch(/^at least 22\.4 µs: 1\.53 MiB from the L2 cache at 71\.8 GB\/s/)
    expect(roofText({ ...roof, level: 'memory' })).toContain('from memory at')
    expect(roofText({ ...roof, boundBy: 'compute' })).toContain('1.61 MFLOP at 98.0 GFLOP/s')
  })

  it('has no ratio where none was measured', () => {
    expect(ratioText(fakeRow({ ratio: undefined }))).toBeNull()
  })
})

describe('sampleSeries', () => {
  it('shows every sample of both arms in one unit', () => {
    const row = fakeRow({ ratio0: 0.5 })
    const series = sampleSeries(row)
    expect(series?.unit).toBe('µs')
    expect(series?.kernel).toEqual(row.kernel?.samples.map((ns) => ns / 1000))
    expect(series?.baseline).toEqual(row.baseline.samples?.map((ns) => ns / 1000))
  })

  it('pads the shorter arm, so that no sample is lost', () => {
    const row = fakeRow({})
    row.baseline.samples = [61_000, 62_000]
    const series = sampleSeries(row)
    expect(series?.order).toHaveLength(60)
    expect(series?.baseline.slice(0, 3)).toEqual([61, 62, null])
  })

  it('ends the axis before a few late samples, and counts them', () => {
    const row = fakeRow({})
    row.kernel?.samples.push(9e6, 12e6)
    const series = sampleSeries(row)
    expect(series?.beyondCount).toBeGreaterThanOrEqual(2)
    expect(series?.axisTop).toBeLessThan(200)
  })

  it('is null for a row without a time', () => {
    expect(sampleSeries(fakeRow({ kernel: undefined }))).toBeNull()
  })
})

describe('histogram', () => {
  it('counts each value once, ends included', () => {
    expect(histogram([0, 1, 5, 10, null, 11], { low: 0, high: 10, bins: 2 })).toEqual([2, 2])
  })
})
