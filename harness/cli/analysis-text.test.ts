import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analysisReport, raceFinding } from '../analyse/analysis-fixture.ts'
import { describeAnalysis } from './analysis-text.ts'

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'klab-analysis-'))
  mkdirSync(join(root, 'kernels'))
  const lines = Array.from({ length: 20 }, (_, i) => (i === 10 ? '    As[y][x] = A[row * K + k];' : `// ${i + 1}`))
  writeFileSync(join(root, 'kernels', 'tile.metal'), lines.join('\n'))
})
afterAll(() => rmSync(root, { recursive: true }))

describe('describeAnalysis', () => {
  it('says that a kernel is clean, and what was looked for', () => {
    const text = describeAnalysis(analysisReport(), root)
    expect(text.split('\n')[0]).toMatch(/^sgemm\/tile .* on cpu: clean$/)
    expect(text).toContain('checked: bounds, races, uninitialised, barriers, counters; 1 schedule')
  })

  it('puts what a line did beside its text, and leaves out columns that are empty', () => {
    const text = describeAnalysis(analysisReport(), root)
    expect(text).toMatch(/^ *11 .*8 KiB.*16\.50.*6\.1 %.*4,096 .*As\[y\]\[x\] = A\[row \* K \+ k\];$/m)
    expect(text).toMatch(/lines\/access/)
    expect(text).not.toMatch(/bank cycles|atomics|barriers {2}/)
    expect(text).toContain('0.667 times the 12 KiB of its operands')
  })

  it('shows a line whose file is gone without its text', () => {
    const lines = analysisReport().counters.lines.map((line) => ({ ...line, file: 'gone.metal' }))
    const report = analysisReport()
    expect(describeAnalysis({ ...report, counters: { ...report.counters, lines } }, root)).toContain('gone.metal\n')
  })

  it('tells a finding as a compiler tells an error, with both sides of a race', () => {
    const text = describeAnalysis(analysisReport({ findings: [raceFinding({ schedule: 2 })], omitted: 1 }), root)
    expect(text).toContain('on cpu: 2 findings')
    expect(text).toContain('kernels/tile.metal:14: race: read of As')
    expect(text).toContain('126,976 times, first by threads (1, 0, 0) and (0, 1, 0) of threadgroup (2, 0, 0)')
    expect(text).toContain('other side: kernels/tile.metal:11; under schedule 2')
    expect(text).toContain('1 more findings')
  })
})
