import { describe, expect, it } from 'vitest'
import { must } from '../bridge/device-fixture.ts'
import { parseEntryTables } from './kernel-entries.ts'

const text = `// A kernel.
//   | entry (m1_…) | BN | threads | for   | threadgroup bytes  |
//   |--------------|----|---------|-------|--------------------|
//   | plain        | 4  | 128     | rows  | 0                  |
//   | wide         | 8  | 256     | heads | roundUp(2 * k, 16) |
//
//   | entry | threads | threadgroup bytes |
//   |-------|---------|-------------------|
//   | other | 32      | 256               |
//   | counted at m=1,n=3,k=5 | bytes read |
`

describe('tables of entries', () => {
  it('are read from comments, with the prefix of their names', () => {
    const rows = must(parseEntryTables(text.replace(/.*counted.*\n/, '')))
    expect(rows).toEqual([
      { entry: 'm1_plain', line: 4, threads: '128', threadgroupBytes: '0' },
      { entry: 'm1_wide', line: 5, threads: '256', threadgroupBytes: 'roundUp(2 * k, 16)' },
      { entry: 'other', line: 9, threads: '32', threadgroupBytes: '256' },
    ])
  })

  it.each([
    ['threadgroup bytes  |', 'threadgroup memory |', /line 2: .*needs threads, threadgroup bytes/],
    ['| 128     |', '|         |', /line 4: a row without/],
    ['//   | counted', '//   | counted', /line 10: a row without/],
  ])('with %s for %s are refused', (good, bad, message) => {
    const read = parseEntryTables(text.replace(good, bad))
    expect(read.ok ? '' : read.error.message).toMatch(message)
  })
})
