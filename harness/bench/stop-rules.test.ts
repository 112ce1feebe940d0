import { describe, expect, it } from 'vitest'
import { defaultStopRules, stopOf } from './stop-rules.ts'

const many = (count: number, time: (round: number) => number) => Array.from({ length: count }, (_, i) => time(i))

/** After `rounds` of these times in 0.7 s. */
const stopAfter = (rounds: number, kernel: (round: number) => number, roundsPerLot = 2) =>
  stopOf(defaultStopRules, {
    times: [many(rounds, kernel), many(rounds, () => 100)],
    plan: { roundsPerLot },
    chunks: rounds / roundsPerLot,
    elapsedNs: 7e8,
  })

describe('stopOf', () => {
  it('is content with the first ten rounds where every one of them says the same plainly', () => {
    expect(stopAfter(8, () => 130)).toBeNull()
    expect(stopAfter(10, (round) => 125 + 20 * (round % 2))).toBe('time-cap')
    expect(stopAfter(10, (round) => 70 + 5 * (round % 2))).toBe('time-cap')
    expect(stopAfter(10, (round) => (round === 3 ? 118 : 140))).toBeNull()
  })

  it('goes on until the ratio is known as closely as the first ten lots ask for', () => {
    const noisy = (middle: number) => (round: number) =>
      middle + 24 * Math.sin(round * round) * (round % 2 === 0 ? 1 : -1)
    expect(stopAfter(18, noisy(100))).toBeNull()
    expect(stopAfter(100, noisy(100))).toBeNull()
    expect(stopAfter(560, noisy(100))).toBe('time-cap')
    // What differs by a tenth need not be known to a fortieth.
    expect(stopAfter(300, noisy(100))).toBeNull()
    expect(stopAfter(300, noisy(112))).toBe('time-cap')
  })

  it('does not call known what a winner could not be called by', () => {
    // Wild in a few lots: 95 in 100 intervals are narrow, those that a winner is called by are not.
    const spiky = (round: number) =>
      100 + (round % 7) / 10 + (round % 10 === 3 || round % 10 === 7 ? 60 * (round % 4 < 2 ? 1 : -0.6) : 0)
    expect(stopAfter(60, (round) => 100 + (round % 7) / 10)).toBe('converged')
    expect(stopAfter(60, spiky)).toBeNull()
  })

  it('has nothing to decide without a baseline', () => {
    const times = [many(12, (round) => 100 + 20 * (round % 3))]
    expect(stopOf(defaultStopRules, { times, plan: { roundsPerLot: 2 }, chunks: 6, elapsedNs: 7e8 })).toBe('time-cap')
  })
})
