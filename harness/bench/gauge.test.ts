import { describe, expect, it } from 'vitest'
import { gaugeArms } from './gauge.ts'

const alternating = (first: number, second: number, count = 24) =>
  Array.from({ length: count }, (_, round) => (round % 2 === 0 ? first : second))

describe('gaugeArms', () => {
  const day = new Date('2026-01-02T10:00:00Z')
  const same = alternating(100, 100)

  it('counts false verdicts by device and day', () => {
    expect(gaugeArms('one', same, day)).toMatchObject({ verdict: 'SAME', ratio: 1, falseVerdictRate: 0 })
    const different = alternating(100, 120)
    expect(gaugeArms('one', different, day)).toMatchObject({ verdict: 'FAST', falseVerdictRate: 0.5 })
    expect(gaugeArms('two', same, day).falseVerdictRate).toBe(0)
    expect(gaugeArms('one', same, new Date('2026-01-03T00:00:00Z')).falseVerdictRate).toBe(0)
  })

  it('does not mind an odd number of samples', () => {
    expect(gaugeArms('odd', alternating(100, 100, 11), day)).toMatchObject({ verdict: 'SAME' })
  })
})
