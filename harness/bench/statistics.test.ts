import { describe, expect, it } from 'vitest'
import { RandomStream } from '../verify/random-stream.ts'
import {
  median,
  medianEstimate,
  medianPlace,
  quantile,
  relativeHalfWidth,
  roundRatios,
  sorted,
  worthOfOne,
} from './statistics.ts'

/** Sum of twelve uniforms: a normal variable for these purposes. */
const normal = (stream: RandomStream) =>
  Array.from({ length: 12 }, () => (stream.nextSigned() + 1) / 2).reduce((a, b) => a + b, -6)

describe('quantile and median', () => {
  it('interpolate between order statistics', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(quantile(sorted([1, 2, 3, 4, 5]), 0.75)).toBe(4)
    expect(quantile(sorted([1, 2, 3, 4]), 0.75)).toBe(3.25)
    expect(median([])).toBeNaN()
  })
})

describe('medianPlace', () => {
  it.each([
    // Conover, Practical Nonparametric Statistics: the order statistics, here 0-based, of an interval with at least 95 %.
    [6, 0],
    [10, 1],
    [20, 5],
    [30, 9],
    [100, 39],
  ])('of %i samples lies between two order statistics', (count, low) => {
    expect(Math.floor(medianPlace(count, 0.95))).toBe(low)
    expect(medianPlace(count, 0.99)).toBeLessThanOrEqual(medianPlace(count, 0.95))
  })

  it('is the end of the range when there are too few samples', () => {
    expect([1, 2, 5].map((count) => medianPlace(count, 0.95))).toEqual([0, 0, 0])
  })
})

/** How many of 2000 intervals contain the true median of what `draw` makes. */
function hitsOf(truth: number, draw: () => number[], confidence = 0.95): number {
  let hits = 0
  for (let trial = 0; trial < 2000; trial++) {
    const samples = draw()
    const { low, high } = medianEstimate(samples, confidence, worthOfOne(samples))
    if (low <= truth && truth <= high) hits++
  }
  return hits
}

describe('medianEstimate', () => {
  it('is the median with places between order statistics', () => {
    const estimate = medianEstimate([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    expect(estimate.value).toBe(5.5)
    expect(estimate.low).toBeGreaterThan(2)
    expect(estimate.low).toBeLessThan(3)
    expect(estimate.low + estimate.high).toBeCloseTo(11, 12)
    expect(relativeHalfWidth(estimate)).toBeCloseTo((estimate.high - 5.5) / 5.5, 12)
    expect(medianEstimate([7])).toEqual({ value: 7, low: 7, high: 7 })
    expect(medianEstimate([]).low).toBeNaN()
  })

  it.each([8, 10, 15, 20, 61])('covers the true median 95 and 99 times in 100, of %i samples', (count) => {
    const stream = new RandomStream(11)
    const draw = () => Array.from({ length: count }, () => Math.exp(normal(stream)))
    const hits = hitsOf(1, draw)
    expect(hits).toBeGreaterThan(1860)
    expect(hits).toBeLessThan(1940)
    expect(hitsOf(1, draw, 0.99)).toBeGreaterThan(1965)
  })

  it('is wider where neighbours resemble each other: they say the same thing twice', () => {
    const stream = new RandomStream(6)
    const wandering = () => {
      let at = normal(stream)
      return Array.from({ length: 160 }, () => {
        at = 0.8 * at + 0.6 * normal(stream)
        return at
      })
    }
    const hits = hitsOf(0, wandering)
    expect(hits).toBeGreaterThan(1860)
    expect(hits).toBeLessThan(1950)
  })
})

describe('worthOfOne', () => {
  it('is little more than 1 where samples are independent, and the most where they never change sides', () => {
    const stream = new RandomStream(7)
    const worths = Array.from({ length: 100 }, () => worthOfOne(Array.from({ length: 80 }, () => normal(stream))))
    expect(worths.filter((worth) => worth === 1).length).toBeGreaterThan(35)
    expect(worths.filter((worth) => worth < 1.5).length).toBeGreaterThan(90)
    expect(worthOfOne(Array.from({ length: 20 }, (_, i) => i))).toBeGreaterThan(10)
    expect([worthOfOne([1]), worthOfOne([])]).toEqual([1, 1])
  })
})

describe('roundRatios', () => {
  it('compares what was taken in one round', () => {
    expect(roundRatios([2, 6, 9], [1, 2])).toEqual([2, 3])
    expect(roundRatios([2], [1, 2])).toEqual([2])
  })
})
