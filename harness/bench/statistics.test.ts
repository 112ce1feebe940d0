import { describe, expect, it } from 'vitest'
import { RandomStream } from '../verify/random-stream.ts'
import {
  blockLength,
  median,
  medianEstimate,
  medianRanks,
  quantile,
  ratioOfMedians,
  relativeHalfWidth,
  sorted,
} from './statistics.ts'

const uniform = (stream: RandomStream) => (stream.nextSigned() + 1) / 2
/** Sum of twelve uniforms: a normal variable for these purposes. */
const normal = (stream: RandomStream) => Array.from({ length: 12 }, () => uniform(stream)).reduce((a, b) => a + b, -6)

describe('quantile and median', () => {
  it('interpolate between order statistics', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(quantile(sorted([1, 2, 3, 4, 5]), 0.75)).toBe(4)
    expect(quantile(sorted([1, 2, 3, 4]), 0.75)).toBe(3.25)
    expect(median([])).toBeNaN()
  })
})

describe('medianRanks', () => {
  it.each([
    // Conover, Practical Nonparametric Statistics: ranks of the 95 % interval, here 0-based.
    [6, 0, 5],
    [10, 1, 8],
    [20, 5, 14],
    [30, 9, 20],
    [100, 39, 60],
  ])('of %i samples', (count, low, high) => {
    expect(medianRanks(count)).toEqual({ low, high })
  })

  it('answers the whole range when there are too few samples', () => {
    expect(medianRanks(5)).toEqual({ low: 0, high: 4 })
    expect(medianRanks(1)).toEqual({ low: 0, high: 0 })
  })

  it('covers the true median at least 95 times in 100', () => {
    const stream = new RandomStream(11)
    let hits = 0
    for (let trial = 0; trial < 2000; trial++) {
      const estimate = medianEstimate(Array.from({ length: 15 }, () => uniform(stream)))
      if (estimate.low <= 0.5 && 0.5 <= estimate.high) hits++
    }
    expect(hits).toBeGreaterThan(1900)
    expect(hits).toBeLessThan(1990)
  })
})

describe('medianEstimate', () => {
  it('is the median between order statistics', () => {
    const estimate = medianEstimate([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    expect(estimate).toEqual({ value: 5.5, low: 2, high: 9 })
    expect(relativeHalfWidth(estimate)).toBeCloseTo(3.5 / 5.5, 12)
  })
})

describe('ratioOfMedians', () => {
  it('is exact where nothing varies, and repeats for a seed', () => {
    expect(ratioOfMedians([2, 2, 2, 2], [4, 4, 4, 4], 1)).toEqual({ value: 0.5, low: 0.5, high: 0.5 })
    const a = [5, 6, 7, 5.5, 6.1, 5.2, 7.7, 6.6, 5.9, 6.3]
    const b = [4, 5, 6, 4.5, 5.1, 4.2, 6.7, 5.6, 4.9, 5.3]
    expect(ratioOfMedians(a, b, 1)).toEqual(ratioOfMedians(a, b, 1))
    expect(ratioOfMedians(a, b, 1)).not.toEqual(ratioOfMedians(a, b, 2))
  })

  it('contains the true ratio about 95 times in 100', () => {
    const stream = new RandomStream(5)
    let hits = 0
    for (let trial = 0; trial < 200; trial++) {
      const a = Array.from({ length: 40 }, () => 103 + normal(stream))
      const b = Array.from({ length: 40 }, () => 100 + normal(stream))
      const ratio = ratioOfMedians(a, b, trial)
      if (ratio.low <= 1.03 && 1.03 <= ratio.high) hits++
    }
    expect(hits).toBeGreaterThan(176)
  })

  it('is wider where neighbouring rounds resemble each other: they say the same thing twice', () => {
    const stream = new RandomStream(6)
    const wandering = () => {
      let at = normal(stream)
      return Array.from({ length: 160 }, () => {
        at = 0.8 * at + 0.6 * normal(stream)
        return 100 + at
      })
    }
    let hits = 0
    // Drawing single rounds, the interval contains the true ratio some 60 times in 100.
    for (let trial = 0; trial < 100; trial++) {
      const ratio = ratioOfMedians(wandering(), wandering(), trial)
      if (ratio.low <= 1 && 1 <= ratio.high) hits++
    }
    expect(hits).toBeGreaterThan(75)
  })

  it('draws single rounds where they are independent', () => {
    const stream = new RandomStream(7)
    const lengths = Array.from({ length: 100 }, () => {
      const [a, b] = [0, 1].map(() => Array.from({ length: 80 }, () => 100 + normal(stream)))
      return blockLength(a!, b!)
    })
    expect(lengths.filter((length) => length <= 2).length).toBeGreaterThan(95)
    expect(blockLength([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 1, 1, 1, 1, 1, 1])).toBe(2)
    expect(blockLength([1], [1])).toBe(1)
  })

  it('drops drift that both arms share', () => {
    const rounds = Array.from({ length: 30 }, (_, i) => 100 + 3 * i)
    const ratio = ratioOfMedians(rounds, rounds, 1)
    expect(ratio).toEqual({ value: 1, low: 1, high: 1 })
  })
})
