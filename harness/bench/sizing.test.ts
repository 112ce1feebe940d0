import { describe, expect, it } from 'vitest'
import { iterationsFor } from './sizing.ts'

const limits = { mode: 'single', kind: 'cpu', longestSampleNs: 1e7 } as const

describe('iterationsFor', () => {
  it('repeats short work until the sample is long enough for the clock', () => {
    expect(iterationsFor({ deviceNs: 1000, overheadNs: 500 }, limits)).toBe(100)
    expect(iterationsFor({ deviceNs: 1000, overheadNs: 500 }, { ...limits, kind: 'cuda' })).toBe(100)
    expect(iterationsFor({ deviceNs: 100, overheadNs: 0 }, { ...limits, kind: 'cuda' })).toBe(1000)
  })
  it('does not repeat long work', () => {
    expect(iterationsFor({ deviceNs: 5e6, overheadNs: 1e4 }, limits)).toBe(1)
    expect(iterationsFor({ deviceNs: 5e9, overheadNs: 1e4 }, limits)).toBe(1)
  })
  it('amortises the overhead only where iterations share a submission', () => {
    const probe = { deviceNs: 1000, overheadNs: 50_000 }
    expect(iterationsFor(probe, limits)).toBe(100)
    expect(iterationsFor(probe, { ...limits, mode: 'batched' })).toBe(1000)
  })
  it('shares a submission among several iterations, unless they take too long', () => {
    expect(iterationsFor({ deviceNs: 1e5, overheadNs: 0 }, { ...limits, mode: 'batched' })).toBe(8)
    expect(iterationsFor({ deviceNs: 5e6, overheadNs: 0 }, { ...limits, mode: 'batched' })).toBe(2)
  })
  it('stays within the budget and survives a probe of zero', () => {
    expect(iterationsFor({ deviceNs: 1000, overheadNs: 1e9 }, { ...limits, mode: 'graph', longestSampleNs: 5e5 })).toBe(
      500,
    )
    expect(iterationsFor({ deviceNs: 0, overheadNs: 0 }, limits)).toBe(10_000)
  })
})
