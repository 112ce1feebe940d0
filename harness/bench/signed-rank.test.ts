import { describe, expect, it } from 'vitest'
import { RandomStream } from '../verify/random-stream.ts'
import { middleEstimate, pairAverages, signedRankPlace } from './signed-rank.ts'

const normal = (stream: RandomStream) =>
  Array.from({ length: 12 }, () => (stream.nextSigned() + 1) / 2).reduce((a, b) => a + b, -6)

describe('signedRankPlace', () => {
  it.each([
    // Critical values of Wilcoxon's signed-rank test, two-sided 5 %: as many averages lie below the interval at least.
    [6, 0],
    [10, 8],
    [20, 52],
    [30, 137],
    [50, 434],
  ])('of %i values leaves out what the tables say', (count, critical) => {
    expect(Math.abs(signedRankPlace(count, 0.95) - critical)).toBeLessThanOrEqual(1)
  })

  it('goes on smoothly where the distribution is no longer counted', () => {
    const steps = [38, 39, 40, 41, 42, 43].map((count) => signedRankPlace(count, 0.95))
    const gaps = steps.slice(1).map((place, i) => place - steps[i]!)
    for (const gap of gaps) expect(gap).toBeGreaterThan(10)
    for (const gap of gaps) expect(gap).toBeLessThan(19)
  })

  it('is the whole range when there are too few values', () => {
    expect([0, 1, 5].map((count) => signedRankPlace(count, 0.95))).toEqual([0, 0, 0])
    expect(signedRankPlace(8, 0.996)).toBe(0)
  })
})

describe('pairAverages', () => {
  it('are of every two values, and of each with itself', () => {
    expect([...pairAverages([4, 1, 2])]).toEqual([1, 1.5, 2, 2.5, 3, 4])
    expect([...pairAverages([])]).toEqual([])
  })
})

describe('middleEstimate', () => {
  const estimate = (values: readonly number[], confidence = 0.95, worth = 1) =>
    middleEstimate(pairAverages(values), { count: values.length, confidence, worth })

  it('is the one value there is, and wider where values are worth less', () => {
    expect(estimate([7])).toEqual({ value: 7, low: 7, high: 7 })
    const values = Array.from({ length: 20 }, (_, i) => i)
    const [narrow, wide] = [estimate(values), estimate(values, 0.95, 4)]
    expect(narrow.value).toBe(9.5)
    expect(wide.high - wide.value).toBeCloseTo(2 * (narrow.high - narrow.value), 12)
  })

  it('hardly moves when one of ten values is wild', () => {
    const values = Array.from({ length: 20 }, (_, i) => 1 + i / 1000)
    const { value } = estimate([...values.slice(0, 18), 50, 60])
    expect(value).toBeLessThan(1.0125)
  })

  it.each([8, 10, 20, 60])('covers the middle 95 and 99 times in 100, of %i symmetric values', (count) => {
    const stream = new RandomStream(3)
    const hits = { 0.95: 0, 0.99: 0 }
    for (let trial = 0; trial < 1000; trial++) {
      // Cubed: heavy tails on both sides.
      const averages = pairAverages(Array.from({ length: count }, () => normal(stream) ** 3))
      for (const confidence of [0.95, 0.99] as const) {
        const { low, high } = middleEstimate(averages, { count, confidence })
        if (low <= 0 && 0 <= high) hits[confidence]++
      }
    }
    expect(hits[0.95]).toBeGreaterThan(928)
    expect(hits[0.95]).toBeLessThan(972)
    expect(hits[0.99]).toBeGreaterThan(978)
  })
})
