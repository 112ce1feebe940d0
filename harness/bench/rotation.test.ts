import { describe, expect, it } from 'vitest'
import { shapeSchema } from '#contract/shape.ts'
import { coldSetCount, placeCount, rotated } from './rotation.ts'

describe('coldSetCount', () => {
  it('outgrows the cache, whatever the size of one set', () => {
    const small = shapeSchema.parse({ m: 1, n: 896, k: 896 })
    const sets = coldSetCount(small, { cacheBytes: 32 * 2 ** 20, arms: 3 })
    expect((sets ?? 0) * 896 * 896 * 2).toBeGreaterThan(1.4 * 32 * 2 ** 20)
    const huge = shapeSchema.parse({ m: 1, n: 151936, k: 896 })
    expect(coldSetCount(huge, { cacheBytes: 32 * 2 ** 20, arms: 3 })).toBe(3)
  })

  it('counts what one arm touches: its own output, not the other one', () => {
    const outer = shapeSchema.parse({ m: 1024, n: 1024, k: 1 })
    const sets = coldSetCount(outer, { cacheBytes: 32 * 2 ** 20, arms: 2 }) ?? 0
    expect((sets - 1) * 1024 * 1024 * 2).toBeGreaterThan(1.4 * 32 * 2 ** 20)
  })

  it('answers none for what is too small to be cold', () => {
    const tiny = shapeSchema.parse({ m: 1, n: 16, k: 16 })
    expect(coldSetCount(tiny, { cacheBytes: 32 * 2 ** 20, arms: 2 })).toBeNull()
  })
})

describe('placeCount', () => {
  it('is fewer where time or memory is short, and one where memory is none', () => {
    const of = (n: number, isBrief = false, kind: 'cpu' | 'null' = 'cpu') =>
      placeCount(shapeSchema.parse({ m: 1, n, k: 896 }), { isBrief, kind })
    expect([of(896), of(896, true), of(9728), of(151936), of(896, false, 'null')]).toEqual([16, 4, 3, 1, 1])
  })
})

describe('rotated', () => {
  it('goes around from where it stood', () => {
    const sets = [0, 1, 2, 3, 4, 5, 6]
    expect(rotated(sets, 0)).toEqual(sets)
    expect(rotated(sets, 9)).toEqual([2, 3, 4, 5, 6, 0, 1])
    expect(rotated(['only'], 5)).toEqual(['only'])
  })
})
