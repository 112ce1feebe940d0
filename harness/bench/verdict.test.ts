import { describe, expect, it } from 'vitest'
import { RandomStream } from '../verify/random-stream.ts'
import { compareArms } from './verdict.ts'

const around = (center: number, spread: number, seed: number) => {
  const stream = new RandomStream(seed)
  return Array.from({ length: 40 }, () => center * (1 + spread * stream.nextSigned()))
}

const always = (value: number) => new Array<number>(20).fill(value)

describe('compareArms', () => {
  it('calls a clear difference, either way', () => {
    expect(compareArms(around(90, 0.01, 1), around(100, 0.01, 2))).toMatchObject({ verdict: 'FAST' })
    const slow = compareArms(around(100, 0.01, 1), around(90, 0.01, 2))
    expect(slow).toMatchObject({ verdict: 'SLOW' })
    expect(slow.ratio.value).toBeGreaterThan(1.08)
    expect(slow.reason).toMatch(/at least \d+\.\d % slower in three quarters of the rounds/)
  })

  it('calls equal arms the same when the interval is inside 1 %', () => {
    expect(compareArms(around(100, 0.004, 1), around(100, 0.004, 2)).verdict).toBe('SAME')
  })

  it('does not call a significant ratio on which fewer than three quarters of the rounds agree', () => {
    const comparison = compareArms(around(96, 0.1, 1), around(100, 0.1, 3))
    expect(comparison.ratio.high).toBeLessThan(1)
    expect(comparison.verdict).toBe('AMBIGUOUS')
  })

  it('does not call a winner below 0.5 % apart', () => {
    expect(compareArms(always(100), always(100.4)).verdict).toBe('SAME')
    expect(compareArms(always(100), always(100.6)).verdict).toBe('FAST')
    expect(compareArms(always(100.6), always(100)).verdict).toBe('SLOW')
  })

  it('stays ambiguous where noise hides the answer, and where there are too few rounds', () => {
    expect(compareArms(around(100, 0.3, 1), around(100, 0.3, 2)).verdict).toBe('AMBIGUOUS')
    expect(compareArms(always(100).slice(0, 9), always(120).slice(0, 9)).verdict).toBe('FAST')
    const few = compareArms(always(100).slice(0, 8), always(120).slice(0, 8))
    expect(few).toMatchObject({ verdict: 'AMBIGUOUS', reason: expect.stringContaining('of 8 rounds: it takes 9') })
    expect(compareArms([100, 101, 99, 130], [120, 119, 118, 117])).toMatchObject({ verdict: 'AMBIGUOUS' })
  })

  it('names the reason where rounds agree and still are not sure', () => {
    const wander = Array.from({ length: 300 }, (_, round) => 103 + 3.2 * Math.sin(round / 25))
    const { verdict, reason } = compareArms(wander, new Array<number>(300).fill(100))
    expect(verdict).toBe('AMBIGUOUS')
    expect(reason).toMatch(/they wander, .* 300 of them say no more than \d independent ones/)
  })

  it('ignores a slow tail of less than a quarter', () => {
    const tail = [...around(90, 0.01, 1).slice(0, 36), 400, 500, 600, 700]
    expect(compareArms(tail, around(100, 0.01, 2)).verdict).toBe('FAST')
  })

  it('does not see what both arms share, however much it is', () => {
    const wild = around(100, 0.5, 4)
    const comparison = compareArms(
      wild.map((value) => value * 0.97),
      wild,
    )
    expect(comparison).toMatchObject({ verdict: 'FAST' })
    expect(comparison.ratio.high - comparison.ratio.low).toBeLessThan(1e-9)
  })
})
