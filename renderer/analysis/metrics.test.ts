import { describe, expect, it } from 'vitest'
import { type AnalysedLine, lineCountsSchema } from '#contract/analysis.ts'
import { lineFacts, lineMarkdown } from './line-detail.ts'
import { heatLines, metrics, shortCount } from './metrics.ts'

const line = (number: number, counts: Partial<AnalysedLine>): AnalysedLine => ({
  ...lineCountsSchema.parse({}),
  file: 'a.metal',
  line: number,
  ...counts,
})

describe('shortCount', () => {
  it.each([
    [0, '0'],
    [950, '950'],
    [1000, '1.00k'],
    [12_345, '12.3k'],
    [999_999, '1.00M'],
    [126_976, '127k'],
    [4.2e9, '4.20G'],
  ])('%d is %s', (count, text) => expect(shortCount(count)).toBe(text))
})

describe('heat', () => {
  it('goes by the largest line for what adds up', () => {
    const heated = heatLines([line(1, { flopsF32: 100 }), line(2, { flopsF16: 25 }), line(3, {})], metrics.flops)
    expect(heated.map((one) => [one.line.line, one.value, one.heat])).toEqual([
      [1, 100, 1],
      [2, 25, 0.5],
    ])
  })

  it('goes by the value itself for shares: bad is hot, however little of it there is', () => {
    const scattered = line(1, { deviceReadBytes: 128, deviceReadLines: 32, deviceIdealLines: 1, deviceAccesses: 1 })
    const dense = line(2, {
      deviceReadBytes: 128_000,
      deviceReadLines: 1000,
      deviceIdealLines: 1000,
      deviceAccesses: 1000,
    })
    const coalescing = heatLines([scattered, dense], metrics.coalescing)
    expect(coalescing.map(({ value }) => value)).toEqual([1 / 32, 1])
    expect(coalescing.map(({ heat }) => heat)).toEqual([31 / 32, 0])
    const lines = heatLines([scattered, dense], metrics.linesPerAccess)
    expect(lines.map(({ heat }) => heat)).toEqual([1, 0])
  })

  it('calls lanes that all took part no divergence', () => {
    const heated = heatLines(
      [line(1, { laneSlots: 32, activeLanes: 32 }), line(2, { laneSlots: 32, activeLanes: 8 })],
      metrics.divergence,
    )
    expect(heated.map((one) => [one.line.line, one.value])).toEqual([[2, 0.75]])
  })

  it('fits the margin with every number', () => {
    const counts = [1, 3, 999, 1023, 1024, 1e6, 123_456_789, 1_098_437_885_952, 9.99e14]
    const shares = [0.0001, 0.0625, 1 / 3, 0.9996, 1]
    const valuesOf = { coalescing: shares, divergence: shares, linesPerAccess: [1, 1.031, 16.5, 64] }
    for (const metric of Object.values(metrics))
      for (const value of valuesOf[metric.id as keyof typeof valuesOf] ?? counts)
        expect(metric.shortText(value).length, `${metric.id} of ${value}`).toBeLessThanOrEqual(7)
  })
})

describe('the detail of a line', () => {
  it('names what there is and leaves out what there is not', () => {
    const facts = lineFacts(
      line(7, { threadgroupReadBytes: 2048, threadgroupAccesses: 16, bankConflictCycles: 48, executions: 16 }),
    )
    expect(facts).toEqual([
      { name: 'Threadgroup memory', value: '2.00 KiB read' },
      { name: 'Bank conflicts', value: '48 extra cycles in 16 accesses' },
      { name: 'Executions', value: '16 by a simdgroup' },
    ])
  })

  it('says of an older text that it is one', () => {
    expect(lineMarkdown(line(7, { barriers: 4 }), 'k', false)).toMatch(/\*\*Line 7\*\* · k\n\n.*\| Barriers \| 4 \|/s)
    expect(lineMarkdown(line(7, {}), 'k', true)).toContain('before the text was changed')
  })
})
