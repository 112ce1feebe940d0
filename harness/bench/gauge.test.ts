import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { gaugeArms } from './gauge.ts'

const alternating = (first: number, second: number, count = 24) =>
  Array.from({ length: count }, (_, sample) => (sample % 2 === 0 ? first : second))

describe('gaugeArms', () => {
  const day = new Date('2026-01-02T10:00:00Z')
  const same = alternating(100, 100)
  let stateFolder: string
  beforeEach(() => {
    stateFolder = mkdtempSync(join(tmpdir(), 'klab-gauge-'))
  })
  afterEach(() => rmSync(stateFolder, { recursive: true }))
  const gauge = (samples: number[], { device = 'one', at = day } = {}) =>
    gaugeArms({ device, stateFolder }, { samples, plan: { roundsPerLot: 2 } }, at)

  it('counts false verdicts by device and day, and tells of how many', () => {
    expect(gauge(same)).toMatchObject({ verdict: 'SAME', ratio: 1, falseVerdicts: 0, comparisons: 1 })
    expect(gauge(alternating(100, 120))).toMatchObject({ verdict: 'FAST', falseVerdicts: 1, comparisons: 2 })
    expect(gauge(same)).toMatchObject({ falseVerdicts: 1, comparisons: 3, falseVerdictRate: 1 / 3 })
    expect(gauge(same, { device: 'two' })).toMatchObject({ falseVerdicts: 0, comparisons: 1 })
    expect(gauge(same, { at: new Date('2026-01-03T00:00:00Z') })).toMatchObject({ falseVerdicts: 0, comparisons: 1 })
  })

  it('does not count what cannot call a winner, and says so', () => {
    expect(gauge(alternating(100, 200, 18))).toMatchObject({ cannotCall: true, comparisons: 0, falseVerdictRate: null })
    expect(gauge(alternating(100, 200, 20))).toMatchObject({ cannotCall: false, comparisons: 1, falseVerdictRate: 1 })
  })

  it('does not mind an odd number of samples, nor a damaged tally', () => {
    writeFileSync(join(stateFolder, 'gauge.json'), '{"one": 7')
    expect(gauge(alternating(100, 100, 21))).toMatchObject({ verdict: 'SAME', comparisons: 1 })
    expect(gauge(same)).toMatchObject({ comparisons: 2 })
  })
})
