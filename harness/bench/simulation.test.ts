import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testLibrary } from '../bridge/device-fixture.ts'
import { noises, type Score, SimulatedLab } from './simulation.ts'

/** Longer than the lab's own tests on a busy machine: thousands of measurements. */
const patience = 120_000

describe('verdicts on a simulated clock', () => {
  let lab: SimulatedLab
  beforeAll(async () => {
    lab = await SimulatedLab.open(testLibrary())
  })
  afterAll(() => lab.close())

  const coverage = ({ covered, pairs }: Score) => covered / pairs

  it.each(Object.keys(noises))(
    'are not false more than once in 100 where the clock is: %s',
    async (name) => {
      const equal = await lab.run({ noise: noises[name]!, latencyNs: 100_000, ratio: 1, pairs: 1000 })
      expect(equal.fast + equal.slow).toBeLessThanOrEqual(10)
      expect(coverage(equal)).toBeGreaterThan(0.93)
      expect(coverage(equal)).toBeLessThan(0.97)
    },
    patience,
  )

  it.each(Object.keys(noises))(
    'find 5 % in nine of ten measurements, either way, where the clock is: %s',
    async (name) => {
      const slower = await lab.run({ noise: noises[name]!, latencyNs: 100_000, ratio: 1.05, pairs: 300 })
      const faster = await lab.run({ noise: noises[name]!, latencyNs: 100_000, ratio: 0.95, pairs: 300 })
      expect([slower.slow, slower.fast]).toEqual([expect.toSatisfy((found: number) => found >= 270), 0])
      expect([faster.fast, faster.slow]).toEqual([expect.toSatisfy((found: number) => found >= 270), 0])
    },
    patience,
  )

  it(
    'are not false either where few rounds are had and they differ by half',
    async () => {
      const few = await lab.run({ noise: { jitter: 0.3 }, latencyNs: 60_000_000, ratio: 1, pairs: 1000 })
      expect(few.rounds / few.pairs).toBeLessThan(40)
      expect(few.fast + few.slow).toBeLessThanOrEqual(10)
    },
    patience,
  )
})
