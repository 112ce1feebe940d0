import { describe, expect, it } from 'vitest'
import type { Row } from '#contract/row.ts'
import { shapeSchema } from '#contract/shape.ts'
import { countCells, type SweepCell } from '#contract/sweep.ts'
import { sweepDocument } from '#contract/sweep-document.ts'
import { bestSection } from '#contract/sweep-sections.ts'
import { summarise } from '#contract/sweep-summary.ts'
import { cellOfRow } from '../sweep/sweep.ts'
import { matrixOf, rowOf } from '../sweep/sweep-fixture.ts'
import { renderSweep, type SweepFormat } from './sweep-report.ts'

const shape = shapeSchema.parse({ m: 1, n: 64, k: 64 })
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
    expect(best[0]).toMatchObject({
      best: { cell: { variant: 0 }, tied: [{ variant: 1 }] },
      timed: 2,
      baseline: 'OpenBLAS',
    })
    // Chosen from two, it has a ratio and no verdict.
    const [line] = bestSection(report().summary, 0).rows
    expect(line!.slice(4, 8)).toEqual(['0.500 [0.400, 0.600]', '', '2', ''])
    expect(best[1]).toMatchObject({ best: null, timed: 0, gaps: 1 })
  })

  it('shows what was measured again by its second figures, beside the ratio that it was chosen by', () => {
    const { summary, progress } = report()
    const second = { ratio: { value: 0.55, low: 0.54, high: 0.56 }, verdict: 'FAST' as const, kernelNs: 1600 }
    summary.matrix.cells[0]!.again = { ...second, state: 'ok', rowId: 'second', isCached: false }
    const again = summarise(summary.matrix, [
      ...summary.rows.values(),
      rowOf({ variant: 'a/x', shape }, { id: 'second' }),
    ])
    const [line] = bestSection(again, 0).rows
    expect(line!.slice(4, 8)).toEqual(['0.550 [0.540, 0.560]', '0.500', '2', 'FAST'])
    expect(sweepDocument({ summary: again, progress, nowMs })).toMatchObject({
      rows: { length: 3 },
      again: [{ id: 'second' }],
      best: [{ ratio: { value: 0.55 }, firstRatio: { value: 0.5 }, isAgain: true, rowId: 'second' }, {}],
    })
    const [heading = '', first = ''] = renderSweep({ summary: again, progress, nowMs }, 'csv', {}).split('\n')
    const names = heading.split(',')
    // From the end: the shape in front has commas of its own.
    expect(first.split(',').at(names.indexOf('again.ratio.value') - names.length)).toBe('0.55')
  })

  it('lists a pair that was wrong only the second time as not right', () => {
    const { summary, ...rest } = report()
    summary.matrix.cells[0]!.again = { state: 'wrong', reason: 'no more', rowId: 'second', isCached: false }
    const again = summarise(summary.matrix, [...summary.rows.values()])
    expect(renderSweep({ summary: again, ...rest }, 'table', {})).toMatch(/^a\/x \(again\) .* wrong .* no more$/m)
    expect(again.best[0]?.best?.cell.variant).toBe(1)
    expect(bestSection(again, 0).notes[0]).toBe(
      'm=1,n=64,k=64,dtype=f16: a/x was right the first time, and wrong the second.',
    )
    expect(renderSweep({ summary: again, ...rest }, 'table', {})).toMatch(/^a\/x +f16 +wrong\* +·$/m)
    const [heading = '', line = ''] = renderSweep({ summary: again, ...rest }, 'csv', {}).split('\n')
    expect(heading.startsWith('variant,shape,status,')).toBe(true)
    expect(line).toContain('",wrong,the second time: no more,true,')
    const { rows } = sweepDocument({ summary: again, ...rest })
    expect(rows.map(({ status, outcome }) => [status, outcome])).toEqual([
      ['ok', 'wrong'],
      ['ok', 'ok'],
      ['wrong', 'wrong'],
    ])
  })

  it('marks a kernel whose B lay otherwise, and names the fastest whose B lay as the shape says beside it', () => {
    const { summary, progress, nowMs } = report()
    summary.matrix.cells[0]!.layout = { b: 'n×k' }
    const marked = summarise(summary.matrix, [...summary.rows.values()])
    const shown = renderSweep({ summary: marked, progress, nowMs }, 'table', {})
    expect(shown).toMatch(/^a\/x +f16 +▲0\.50\*† +·$/m)
    expect(shown).toContain(
      "a/x has B handed over as N×K, which the shape's own layout is not; the fastest with the shape's own is a/y, 0.700 [0.500, 0.900].",
    )
    expect(sweepDocument({ summary: marked, progress, nowMs }).best[0]).toMatchObject({
      layout: { b: 'n×k' },
      ownLayout: { variant: 'a/y', ratio: { value: 0.7 } },
    })
    expect(renderSweep({ summary: marked, progress, nowMs }, 'csv', {})).toMatch(/,layout\.b,.*\n.*n×k/)
  })

  it('has a winner of each element type, since each is compared with a baseline of its own', () => {
    const { summary } = report()
    summary.matrix.variants[1]!.dtype = 'f32'
    const { best } = summarise(summary.matrix, [...summary.rows.values()])
    expect(best.map(({ shape, dtype, best: winner }) => [shape, dtype, winner?.cell.variant])).toEqual([
      [0, 'f16', 0],
      [0, 'f32', 1],
      [1, 'f32', undefined],
    ])
  })

  it('shows a cached row as such, with its age, and counts it apart', () => {
    const shown = render('table')
    expect(shown).toMatch(/^a\/x +f16 +▲0\.50\* +·$/m)
    expect(shown).toMatch(/^a\/y +f16 +▲0\.70 +wrong$/m)
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
    expect(shown).toContain('| a/x | m=1,n=65,k=64,dtype=f16 | batch not supported |')
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

  it('calls what could not be driven the same in every document, and no text a formula', () => {
    const { summary, progress } = report()
    const [row] = [...summary.rows.values()].slice(-1)
    const failed = { ...row!, status: 'failed' as const, reason: '=HYPERLINK("x")', errorKind: 'missing-tool' }
    Object.assign(summary.matrix.cells[3]!, { state: 'failed', reason: failed.reason })
    const mended = { summary: summarise(summary.matrix, [...summary.rows.values(), failed]), progress, nowMs }
    const csv = renderSweep(mended, 'csv', {}).split('\n')
    expect(csv.at(-1)).toContain(`",unsupported,"'=HYPERLINK(""x"")",false,`)
    expect(sweepDocument(mended).rows.at(-1)).toMatchObject({ status: 'unsupported', outcome: 'unsupported' })
  })

  it('has every metric of a second row, and what the lists recorded of a shape', () => {
    const { summary, progress } = report()
    summary.matrix.shapes[0]!.role = 'gate'
    summary.matrix.cells[0]!.again = { state: 'ok', rowId: 'second', isCached: false }
    const gauge = { ratio: 1, low: 0.9, high: 1.1, verdict: 'SAME' as const, falseVerdictRate: 0 }
    const row = rowOf({ variant: 'a/x', shape }, { id: 'second', gauge, verdictReason: 'it is so' })
    const both = { summary: summarise(summary.matrix, [...summary.rows.values(), row]), progress, nowMs }
    const names = renderSweep(both, 'csv', {}).split('\n')[0]!.split(',')
    for (const name of ['again.status', 'again.gauge.ratio', 'again.verdictReason', 'again.identity.tier', 'list.role'])
      expect(names).toContain(name)
  })

  it('is the document where JSON is asked for, and only the gaps where nothing was run', () => {
    expect(JSON.parse(render('json'))).toEqual({ any: 1 })
    const { matrix } = report().summary
    const cells = matrix.cells.filter(({ state }) => state === 'gap')
    const none = { summary: summarise({ ...matrix, cells }, []), progress: null, nowMs }
    const gaps = renderSweep(none, 'table', {})
    expect(gaps.split('\n')).toEqual([
      'Gaps',
      expect.any(String),
      expect.stringMatching(/^a\/x .*batch not/),
      '',
      '1 gaps',
    ])
  })
})
