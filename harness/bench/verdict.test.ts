import { describe, expect, it } from 'vitest'
import { RandomStream } from '../verify/random-stream.ts'
import { compareArms as compare } from './verdict.ts'

const around = (center: number, spread: number, seed: number) => {
  const stream = new RandomStream(seed)
  return Array.from({ length: 40 }, () => center * (1 + spread * stream.nextSigned()))
}

const compareArms = (first: number[], second: number[], roundsPerLot = 1) => compare(first, second, { roundsPerLot })

const always = (value: number, count = 20) => new Array<number>(count).fill(value)

describe('compareArms', () => {
  it('takes what was measured under one lot for one, but single rounds where lots are few', () => {
    // Ten lots, each of which favoured one side as a whole, in turn: thirty rounds say no more than ten.
    const lots = Array.from(
      { length: 30 },
      (_, round) => (Math.floor(round / 3) % 2 === 0 ? 103 : 98) + (round % 3) / 100,
    )
    const [grouped, single] = [
      compareArms(lots, always(100, 30), 3),
      compareArms(
        lots.map((_, i) => lots[(i * 7) % 30]!),
        always(100, 30),
      ),
    ]
    expect(grouped.ratio.high - grouped.ratio.low).toBeGreaterThan(1.3 * (single.ratio.high - single.ratio.low))
    expect(compareArms(always(100).slice(0, 16), always(120).slice(0, 16), 2).verdict).toBe('FAST')
  })

  it('is no surer of what differs from place to place in memory than there are places', () => {
    const offsets = around(0.02, 1, 5).slice(0, 8)
    const [first, second] = [around(100, 0.004, 6), around(100, 0.004, 7)]
    const placed = first.map((time, lot) => time * (1 + offsets[lot % 8]!))
    const [knowing, blind] = [compare(placed, second, { roundsPerLot: 1, places: 8 }), compareArms(placed, second)]
    const width = ({ ratio }: typeof blind) => ratio.high - ratio.low
    expect(width(knowing)).toBeGreaterThan(1.5 * width(blind))
    expect(width(compare(first, second, { roundsPerLot: 1, places: 8 }))).toBe(width(compareArms(first, second)))
  })

  it('looks at no more than some hundred lots at once, however many rounds there are', () => {
    const [many, few] = [around(98, 0.05, 1), around(100, 0.05, 2)].map((times) =>
      Array.from({ length: 50 }, () => times).flat(),
    )
    expect(compareArms(many!, few!).verdict).toBe('FAST')
  })

  it('calls a clear difference, either way', () => {
    expect(compareArms(around(90, 0.01, 1), around(100, 0.01, 2))).toMatchObject({ verdict: 'FAST' })
    const slow = compareArms(around(100, 0.01, 1), around(90, 0.01, 2))
    expect(slow).toMatchObject({ verdict: 'SLOW' })
    expect(slow.ratio.value).toBeGreaterThan(1.08)
    expect(slow.reason).toMatch(/at least \d+\.\d % slower three quarters of the time/)
  })

  it('calls equal arms the same when the interval is inside 1 %', () => {
    expect(compareArms(around(100, 0.004, 1), around(100, 0.004, 2)).verdict).toBe('SAME')
  })

  it('does not call a significant ratio that is not there three quarters of the time', () => {
    const slowAtFirst = [...around(80, 0.02, 1).slice(0, 24), ...around(100.2, 0.004, 2).slice(24)]
    const comparison = compareArms(slowAtFirst, around(100, 0.004, 3))
    expect(comparison).toMatchObject({ verdict: 'AMBIGUOUS', reason: expect.stringMatching(/^95 %/) })
  })

  it('does not call a winner below 0.5 % apart', () => {
    expect(compareArms(always(100), always(100.4)).verdict).toBe('SAME')
    expect(compareArms(always(100), always(100.6)).verdict).toBe('FAST')
    expect(compareArms(always(100.6), always(100)).verdict).toBe('SLOW')
  })

  it('stays ambiguous where noise hides the answer, and where there are too few rounds', () => {
    expect(compareArms(around(100, 0.3, 1), around(100, 0.3, 2)).verdict).toBe('AMBIGUOUS')
    expect(compareArms(always(100).slice(0, 10), always(120).slice(0, 10)).verdict).toBe('FAST')
    const few = compareArms(always(100).slice(0, 9), always(120).slice(0, 9))
    expect(few).toMatchObject({ verdict: 'AMBIGUOUS', reason: expect.stringContaining('of 9 rounds: it takes 10') })
    expect(compareArms([100, 101, 99, 130], [120, 119, 118, 117])).toMatchObject({ verdict: 'AMBIGUOUS' })
  })

  it('names the reason where rounds agree and still are not sure', () => {
    const wander = Array.from({ length: 300 }, (_, round) => 103 + 3.2 * Math.sin(round / 25))
    const { verdict, reason } = compareArms(wander, new Array<number>(300).fill(100))
    expect(verdict).toBe('AMBIGUOUS')
    expect(reason).toMatch(/they wander, .* 100 of which say no more than \d independent ones/)
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
