import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testLibrary } from '../bridge/device-fixture.ts'
import { harderNoises, noises, type Score, SimulatedLab } from './simulation.ts'

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
    'are right where dispatches are short and the clock is: %s',
    async (name) => {
      const noise = noises[name]!
      const equal = await lab.run({ noise, latencyNs: 100_000, ratio: 1, pairs: 300 })
      expect(equal.fast + equal.slow).toBeLessThanOrEqual(3)
      expect(coverage(equal)).toBeGreaterThan(0.92)
      expect(coverage(equal)).toBeLessThan(0.98)
      const slower = await lab.run({ noise, latencyNs: 100_000, ratio: 1.05, pairs: 100 })
      const faster = await lab.run({ noise, latencyNs: 100_000, ratio: 0.95, pairs: 100 })
      expect([slower.slow, slower.fast]).toEqual([expect.toSatisfy((found: number) => found >= 90), 0])
      expect([faster.fast, faster.slow]).toEqual([expect.toSatisfy((found: number) => found >= 90), 0])
    },
    patience,
  )

  it.each([
    ['drift', 10_000_000],
    ['bimodal', 5_000_000],
    ['all three', 2_000_000],
    ['bursts hit one arm', 2_000_000],
  ])(
    'find 5 %% in nine of ten measurements of longer dispatches where the clock is: %s, %i ns',
    async (name, latencyNs) => {
      const slower = await lab.run({ noise: { ...noises, ...harderNoises }[name]!, latencyNs, ratio: 1.05, pairs: 100 })
      expect([slower.slow, slower.fast]).toEqual([expect.toSatisfy((found: number) => found >= 88), 0])
    },
    patience,
  )

  it.each([
    ['all three', noises['all three']!, 25_000_000],
    ['drift', noises.drift!, 60_000_000],
    ['half of the time as jitter', { jitter: 0.3 }, 60_000_000],
  ])(
    'are not false, nor intervals too narrow, where few rounds are had of: %s',
    async (_, noise, latencyNs) => {
      const equal = await lab.run({ noise, latencyNs, ratio: 1, pairs: 500 })
      // 0.4 % are meant to be; of 500 that allow for chance.
      expect(equal.fast + equal.slow).toBeLessThanOrEqual(7)
      expect(coverage(equal)).toBeGreaterThan(0.92)
    },
    patience,
  )
})
