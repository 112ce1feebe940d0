import { describe, expect, it } from 'vitest'
import { gaugeArms } from './gauge.ts'

const flat = (value: number) => new Array<number>(12).fill(value)

describe('gaugeArms', () => {
  it('counts false verdicts by device and day', () => {
    const day = new Date('2026-01-02T10:00:00Z')
    const same = { first: flat(100), second: flat(100), seed: 1 }
    const different = { first: flat(100), second: flat(120), seed: 1 }
    expect(gaugeArms('one', same, day)).toMatchObject({ verdict: 'SAME', ratio: 1, falseVerdictRate: 0 })
    expect(gaugeArms('one', different, day)).toMatchObject({ verdict: 'FAST', falseVerdictRate: 0.5 })
    expect(gaugeArms('two', same, day).falseVerdictRate).toBe(0)
    expect(gaugeArms('one', same, new Date('2026-01-03T00:00:00Z')).falseVerdictRate).toBe(0)
  })
})
