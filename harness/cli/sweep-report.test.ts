import { describe, expect, it } from 'vitest'
import type { Row } from '#contract/row.ts'
import { countCells, type SweepCell } from '#contract/sweep.ts'
import { summarise } from '../sweep/summary.ts'
import { cellOfRow } from '../sweep/sweep.ts'
import { matrixOf, rowOf } from '../sweep/sweep-fixture.ts'
import { renderSweep, type SweepFormat } from './sweep-report.ts'
import { bestSection } from './sweep-sections.ts'

const nowMs = Date.parse('2026-03-01T12:00:00Z')
const minutesAgo = (minutes: number) => new Date(nowMs - minutes * 60_000).toISOString()

/** x and y on two shapes: a gap, a cached row, a wrong one and one that another overlaps. */
function report() {
  const planned = matrixOf(['a/x', 'a/y'], 2, (variant, shape) => variant === 0 && shape === 1)
  const timed = (low: number, high: number): Partial<Row> => ({
    kernel: {
      cpuNs: 1500,
      encodeNs: 0,
      commitNs: 0,
      waitNs: 0,
      samples: [1, 2, 3],
      lowNs: 1,
      highNs: 2,
      iterations: 1,
    },
    baseline: { name: 'OpenBLAS', cpuNs: 3000 },
    ratio: { value: (low + high) / 2, low, high },
    verdict: 'FAST',
    startedAt: minutesAgo(0),
  })
  const patches: (Partial<Row> | null)[] = [
    { ...timed(0.4, 0.6), startedAt: minutesAgo(150) },
    null,
    timed(0.5, 0.9),
    { status: 'wrong', reason: 'output 3 is "1", expected 2, | twice', startedAt: minutesAgo(0) },
  ]
  const rows = patches.map((patch, at) => patch && rowOf(planned.runs[at]!, patch))
  const cells = planned.matrix.cells.map((cell, at): SweepCell => {
    const row = rows[at]
    return row ? cellOfRow(cell, { row, isCached: at === 0 }) : cell
  })
  const matrix = { ...planned.matrix, cells }
  const progress = {
    ...{ sweepId: 's', state: 'finished' as const, counts: countCells(cells), elapsedNs: 4e9, measuringNs: 3e9 },
  }
  const summary = summarise(
    matrix,
    rows.filter((row) => row !== null),
  )
  return { summary, progress, nowMs }
}

const render = (format: SweepFormat) => renderSweep(report(), format, { any: 1 })

describe('the report of a sweep', () => {
  it('names the best beside the baseline, and whom it was not shown to beat', () => {
    const { best } = report().summary
    expect(best[0]).toMatchObject({ best: { variant: 0 }, tied: [{ variant: 1 }], timed: 2, baseline: 'OpenBLAS' })
    // Chosen from two, it has a ratio and no verdict.
    const [line] = bestSection(report().summary, 0).rows
    expect(line!.slice(5, 7)).toEqual(['2', ''])
    expect(best[1]).toMatchObject({ best: null, tied: [], timed: 0, gaps: 1 })
  })

  it('shows a cached row as such, with its age, and counts it apart', () => {
    const shown = render('table')
    expect(shown).toMatch(/^a\/x +0\.50\* +·$/m)
    expect(shown).toMatch(/^a\/y +0\.70 +wrong$/m)
    expect(shown).toContain('a/x (2 h ago)')
    expect(shown.split('\n').at(-1)).toBe('2 run, 1 cached, 1 gaps in 4.00 s, 75 % of it measuring')
    expect(shown).toContain('batch not supported  1')
  })

  it('is Markdown with every row and every gap, and nothing in it breaks a table', () => {
    const shown = render('markdown')
    const tables = shown.split('\n\n').filter((block) => block.startsWith('|'))
    expect(tables).toHaveLength(4)
    for (const block of tables) {
      const columns = block.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length)
      expect(new Set(columns).size).toBe(1)
    }
    expect(shown).toContain('expected 2, \\| twice')
    expect(shown).toContain('| a/x | m=1,n=65,k=64 | batch not supported |')
  })

  it('is CSV with a column for every metric and a line for every pair', () => {
    const [heading = '', ...lines] = render('csv').split('\n')
    expect(heading).toMatch(/^variant,shape,status,reason,isCached,startedAt,ratio.value,ratio.low,ratio.high,/)
    for (const name of ['kernel.cpuNs', 'kernel.samplesCount', 'identity.sourceHash', 'size.n', 'wallNs'])
      expect(heading.split(',')).toContain(name)
    expect(lines).toHaveLength(4)
    expect(lines[3]).toContain('"output 3 is ""1"", expected 2, | twice"')
    expect(lines[0]?.startsWith('a/x,"m=1,n=64,k=64,')).toBe(true)
    expect(lines.map((line) => /",(gap|ok|wrong),/.exec(line)?.[1])).toEqual(['ok', 'gap', 'ok', 'wrong'])
  })

  it('is the document where JSON is asked for, and only the gaps where nothing was run', () => {
    expect(JSON.parse(render('json'))).toEqual({ any: 1 })
    const gaps = renderSweep({ ...report(), progress: null }, 'table', {})
    expect(gaps.split('\n')).toEqual([
      'Gaps',
      expect.any(String),
      expect.stringMatching(/^a\/x .*batch not/),
      '',
      '1 gaps',
    ])
  })
})
