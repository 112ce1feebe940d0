import { describe, expect, it } from 'vitest'
import { cases } from './cases.ts'
import { goals, verdictOn } from './goals.ts'
import { type Measured, type Outcome, watchedPairs } from './measure.ts'
import { geometricMean, ratioOf, spreadOf } from './ratios.ts'
import { notes, table } from './report.ts'

const one = cases.find(({ name, m }) => name === 'sgemm_block_1d' && m === 512)!

function outcome(name: Outcome['name'], threads: number, times: number[]): Outcome {
  const laps = times.map((ns) => ({ ns, busy: threads }))
  const chosen = name === 'auto' ? { tier: 'vector', reason: '' } : null
  return { name, threads, laps, wrong: null, margin: 0.1, bits: null, chosen }
}

const steady = (ns: number) => Array.from({ length: 8 }, () => ns)

function measured(outcomes: Outcome[]): Measured {
  return { one, outcomes, refusals: [] }
}

describe('goals', () => {
  it('says of what was not measured that it was not', () => {
    const text = goals([measured([outcome('auto', 1, steady(1e6)), outcome('fiber', 1, steady(9e6))])])
    expect(text).not.toMatch(/NaN|Infinity|undefined|nothing/)
    expect(text).toMatch(/over PoCL ≥ 10 .* \| – \| not measured \|/)
    expect(text).toMatch(/from 1 to 2 threads .* \| – \| not measured \|/)
    expect(text).toMatch(/never slower .* 9\.00 \(9\.00 to 9\.00\).* \| yes \|/)
  })

  it('answers with nothing measured at all', () => {
    expect(goals([])).not.toMatch(/NaN|Infinity|undefined/)
  })

  it('counts wrong results', () => {
    const bad = { ...outcome('vector', 1, []), wrong: 'C[0, 0] is 1, should be 2: 9 × its bound', margin: 9 }
    expect(goals([measured([bad])])).toMatch(/1 wrong of 1 \| no \|/)
  })

  it('tells auto and the tier that it took apart only as noise', () => {
    const times = [10, 11, 10, 12, 10, 11, 10, 11].map((ms) => ms * 1e6)
    const same = [measured([outcome('auto', 1, times), outcome('vector', 1, [...times].reverse())])]
    expect(goals(same)).toMatch(/A\/A: auto beside the tier it took, the same build \| 0 of 1 intervals leave out 1/)
  })
})

describe('verdictOn', () => {
  it.each([
    [{ value: 2, low: 1.5, high: 3 }, 'yes'],
    [{ value: 0.5, low: 0.4, high: 0.9 }, 'no'],
    [{ value: 1.1, low: 0.9, high: 1.2 }, 'yes, within noise'],
    [{ value: 0.95, low: 0.9, high: 1.2 }, 'no, within noise'],
    [null, 'not measured'],
  ])('%j is %s', (estimate, verdict) => {
    expect(verdictOn({ estimate, least: 1 })).toBe(verdict)
  })
})

describe('ratioOf', () => {
  it('is the median of the ratios within a round, not the ratio of the medians', () => {
    const [slow, fast] = [
      [8, 1, 8, 1, 8, 1, 9],
      [4, 1, 2, 1, 4, 1, 3],
    ]
    const found = ratioOf(measured([outcome('fiber', 1, slow!), outcome('auto', 1, fast!)]), ['auto', 1], ['fiber', 1])
    expect(found?.value).toBe(2)
    expect(found?.low).toBe(1)
    // Of seven ratios the least and the largest cover 98.4 %: 95 % end between the largest two.
    expect(found?.high).toBeGreaterThan(3)
    expect(found?.high).toBeLessThan(4)
  })

  it('is null without samples of either', () => {
    const all = measured([outcome('auto', 1, steady(1)), outcome('PoCL', 1, [])])
    expect(ratioOf(all, ['auto', 1], ['PoCL', 1])).toBeNull()
    expect(ratioOf(all, ['auto', 1], ['fiber', 1])).toBeNull()
  })
})

describe('geometricMean', () => {
  it('shrinks the interval with the number of parts', () => {
    const part = { value: 4, low: 2, high: 8 }
    const mean = geometricMean([part, part, part, part])!
    expect(mean.value).toBeCloseTo(4)
    expect(mean.low).toBeCloseTo(4 / Math.SQRT2)
    expect(mean.high).toBeCloseTo(4 * Math.SQRT2)
  })
})

describe('table', () => {
  it('gives a wrong result no time, and says why', () => {
    const bad = { ...outcome('vector', 1, []), wrong: 'C[0, 0] is 1, should be 2: 9 × its bound', margin: 9 }
    const all = [measured([outcome('fiber', 1, steady(1e6)), bad])]
    const line = table(all)
      .split('\n')
      .find((text) => text.includes('| vector |'))!
    expect(line).toContain('| wrong |')
    expect(line).not.toContain('GFLOP/s')
    expect(notes(all).join()).toContain('wrong: sgemm_block_1d 512³, vector, 1 threads: C[0, 0] is 1')
  })

  it('names what auto took, how samples scatter, and the bits that differ', () => {
    const differing = { ...outcome('auto', 1, [10, 11, 10, 11]), bits: { count: 3, maxUlp: 2 } }
    expect(spreadOf(differing)).toBeCloseTo(0.1)
    const text = table([measured([differing])])
    expect(text).toContain('| auto = vector |')
    expect(text).toContain('| 10 % |')
    expect(text).toContain('| 3 differ, at most 2 ulp |')
  })
})

describe('watchedPairs', () => {
  it('holds auto beside every rival with as many threads, and beside itself with others', () => {
    const sides = [1, 2].flatMap((threads) =>
      (['fiber', 'vector', 'auto', 'PoCL'] as const).map((name) => ({ name, threads })),
    )
    const named = watchedPairs(sides).map(
      ([a, b]) => `${sides[a]!.name}${sides[a]!.threads}/${sides[b]!.name}${sides[b]!.threads}`,
    )
    expect(named.sort()).toEqual([
      'auto1/PoCL1',
      'auto1/auto2',
      'auto1/fiber1',
      'auto2/PoCL2',
      'auto2/auto1',
      'auto2/fiber2',
    ])
  })
})
