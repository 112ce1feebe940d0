import { describe, expect, it } from 'vitest'
import { lineCountsSchema } from '#contract/analysis.ts'
import { must } from '../bridge/device-fixture.ts'
import { countsIn, formatCountTable, parseCountTables } from './kernel-counts.ts'

const text = `// A kernel.
//   | knob | value |
//   |------|-------|
//   | BN   | 64    |
//
//   | counted at m=1,n=3,k=5,tB=1 | bytes read | lines | bank conflicts |
//   |-----------------------------|------------|-------|----------------|
//   | plain                       | 40         | 4     | 0              |
//   | m1/fused                    | 46         | 5     | 2              |
//   Valid shapes: all.
kernel void plain() {}
`

describe('tables of counted figures', () => {
  it('are read from comments, other tables left alone', () => {
    const [table, ...others] = must(parseCountTables(text))
    expect(others).toEqual([])
    expect(table).toMatchObject({ shape: { m: 1, n: 3, k: 5, tB: true }, begin: 6, end: 9 })
    expect(table?.rows).toEqual([
      { subject: 'plain', line: 8, counts: { 'bytes read': 40, lines: 4, 'bank conflicts': 0 } },
      { subject: 'm1/fused', line: 9, counts: { 'bytes read': 46, lines: 5, 'bank conflicts': 2 } },
    ])
  })

  it('end where the next one begins', () => {
    const twice = text.replace(
      '//   Valid',
      '//   | counted at m=1,n=1,k=1 | bytes read | lines | bank conflicts |\n//   Valid',
    )
    expect(must(parseCountTables(twice)).map(({ begin, end }) => [begin, end])).toEqual([
      [6, 9],
      [10, 10],
    ])
  })

  it('are written as they are read', () => {
    const [table] = must(parseCountTables(text))
    const lines = formatCountTable(table!, 'counted at m=1,n=3,k=5,tB=1')
    expect(lines).toEqual(text.split('\n').slice(5, 9))
  })

  it.each([
    ['m=1,n=3,k=5,tB=1', 'm=1,n=3,tB=1', /line 6: .*k missing/],
    ['| bank conflicts |', '| bank conflict  |', /line 6: no column "bank conflict"/],
    ['| lines |', '| flops |', /line 6: .*needs lines/],
    ['| 40         |', '| 40,000     |', /line 8: "40,000" is no plain integer/],
    ['| 46         | 5 ', '| 46         ', /line 9: 2 figures for 3 columns/],
  ])('with %s for %s are refused', (good, bad, message) => {
    const read = parseCountTables(text.replace(good, bad))
    expect(read.ok ? '' : read.error.message).toMatch(message)
  })

  it('count reads and writes among lines', () => {
    const total = lineCountsSchema.parse({ deviceReadLines: 3, deviceWriteLines: 2, flopsF16: 1, flopsF32: 6 })
    expect(countsIn(['lines', 'flops'], total)).toEqual({ lines: 5, flops: 7 })
  })
})
