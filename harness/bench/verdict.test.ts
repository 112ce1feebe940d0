import { describe, expect, it } from 'vitest'
import { RandomStream } from '../verify/random-stream.ts'
import { compareArms } from './verdict.ts'

const around = (center: number, spread: number, seed: number) => {
  const stream = new RandomStream(seed)
  return Array.from({ length: 40 }, () => center * (1 + spread * stream.nextSigned()))
}

describe('compareArms', () => {
  it('calls a clear difference, either way', () => {
    expect(compareArms(around(90, 0.01, 1), around(100, 0.01, 2), 1)).toMatchObject({ verdict: 'FAST' })
    const slow = compareArms(around(100, 0.01, 1), around(90, 0.01, 2), 1)
    expect(slow).toMatchObject({ verdict: 'SLOW' })
    expect(slow.ratio.value).toBeGreaterThan(1.08)
    expect(slow.reason).toMatch(/above the other's/)
  })

  it('calls equal arms the same when the interval is inside 1 %', () => {
    expect(compareArms(around(100, 0.004, 1), around(100, 0.004, 2), 1).verdict).toBe('SAME')
  })

  it('does not call a significant ratio whose intervals overlap', () => {
    const comparison = compareArms(around(97, 0.05, 1), around(100, 0.05, 2), 1)
    expect(comparison.ratio.high).toBeLessThan(1)
    expect(comparison.verdict).toBe('AMBIGUOUS')
  })

  it('does not call a winner below 0.5 % apart', () => {
    expect(compareArms(new Array(20).fill(100), new Array(20).fill(100.4), 1).verdict).toBe('SAME')
    expect(compareArms(new Array(20).fill(100), new Array(20).fill(100.6), 1).verdict).toBe('FAST')
  })

  it('stays ambiguous where noise hides the answer', () => {
    expect(compareArms(around(100, 0.3, 1), around(100, 0.3, 2), 1).verdict).toBe('AMBIGUOUS')
  })

  it('ignores a slow tail: [min, q3] does not see the last quarter', () => {
    const tail = [...around(90, 0.01, 1).slice(0, 36), 400, 500, 600, 700]
    expect(compareArms(tail, around(100, 0.01, 2), 1).verdict).toBe('FAST')
  })
})
