import { describe, expect, it } from 'vitest'
import { takeRounds } from './rounds.ts'

const rule = { leastRounds: 6, mostRounds: 40, budgetMs: 60_000, halfWidth: 0.02 }

/** A side whose sample after the warm-up is what `ns` says. */
function side(log: string[], name: string, ns: (call: number) => number) {
  let calls = -2
  return {
    run: async () => {
      log.push(name)
      return { ns: ns(calls++), busy: 1 }
    },
  }
}

describe('takeRounds', () => {
  it('stops at the least number of rounds when the watched ratio is known', async () => {
    const log: string[] = []
    const laps = await takeRounds([side(log, 'a', () => 2e7), side(log, 'b', () => 5e7)], [[0, 1]], rule)
    expect(laps.map((each) => each.length)).toEqual([6, 6])
  })

  it('judges the ratio within a round, not the samples: a machine that slows down tells nothing about it', async () => {
    const log: string[] = []
    const drift = (call: number) => 1e7 * (1 + Math.max(call, 0))
    const sides = [side(log, 'a', drift), side(log, 'b', (call) => 3 * drift(call))]
    expect((await takeRounds(sides, [[0, 1]], rule))[0]).toHaveLength(6)
  })

  it('goes on while the ratio is not known, up to the most', async () => {
    const log: string[] = []
    const noisy = (call: number) => (call % 2 === 0 ? 1e7 : 2e7)
    const sides = [side(log, 'a', noisy), side(log, 'b', () => 1e7)]
    expect((await takeRounds(sides, [[0, 1]], rule))[0]).toHaveLength(40)
  })

  it('stops after the least number of rounds when the budget is spent', async () => {
    const log: string[] = []
    const noisy = (call: number) => (call % 2 === 0 ? 1e7 : 2e7)
    const sides = [side(log, 'a', noisy), side(log, 'b', () => 1e7)]
    expect((await takeRounds(sides, [[0, 1]], { ...rule, budgetMs: 0 }))[0]).toHaveLength(6)
  })

  it('takes every side once a round, in orders that change', async () => {
    const log: string[] = []
    const sides = ['a', 'b', 'c'].map((name) => side(log, name, () => 1e7))
    await takeRounds(sides, [], { ...rule, leastRounds: 20 })
    const rounds = Array.from({ length: 20 }, (_, i) => log.slice(6 + 3 * i, 9 + 3 * i).join(''))
    expect(rounds.every((round) => [...round].sort().join('') === 'abc')).toBe(true)
    expect(new Set(rounds).size).toBeGreaterThan(3)
  })
})
