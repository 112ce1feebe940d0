import { describe, expect, it } from 'vitest'
import { shapeSchema } from '#contract/shape.ts'
import type { SweepCell, SweepMatrix } from '#contract/sweep.ts'
import { summarise } from '#contract/sweep-summary.ts'
import { fakeRow } from '../dev/fake-rows.ts'
import { visibleRange } from '../ui/visible-range.ts'
import { bestPerShape, gapGroups } from './best-per-shape.ts'
import { cachedAge, cellLook, cellSentence, isShown } from './cell-text.ts'
import { exportText } from './export-text.ts'
import { matrixView, placeAfter } from './matrix-lines.ts'
import { durationText, remainingNs } from './sweep-time.ts'

const listed = (n: number, totalMs?: number) => ({
  op: 'matmul',
  line: 1,
  totalMs,
  shape: shapeSchema.parse({ m: 1, n, k: 896, tB: true }),
})
const ratio = (value: number) => ({ value, low: value * 0.98, high: value * 1.02 })
const fast = (value: number): Partial<SweepCell> => ({
  state: 'ok',
  ratio: ratio(value),
  verdict: 'FAST',
  kernelNs: value,
})

/** Cells in the order of variants, then of shapes. */
function matrixOf(ids: string[], ns: [number, number?][], cells: Partial<SweepCell>[]): SweepMatrix {
  return {
    variants: ids.map((id) => ({ id, backend: id.split('/')[0] ?? '', isBaseline: false, dtype: 'f16' as const })),
    shapes: ns.map(([n, totalMs]) => listed(n, totalMs)),
    cells: cells.map((cell, at) => ({
      state: 'waiting',
      isCached: false,
      ...cell,
      variant: Math.floor(at / ns.length),
      shape: at % ns.length,
    })),
  }
}

const matrix = matrixOf(
  ['m1/a', 'm1/b', 'sgemm/c'],
  [
    [896, 300],
    [9728, 100],
  ],
  [
    fast(0.8),
    { state: 'gap', reason: 'bias not supported' },
    { ...fast(0.4), isCached: true, measuredAt: '2026-01-01T00:00:00Z', rowId: 'r' },
    { state: 'gap', reason: 'bias not supported' },
    { state: 'wrong', reason: '3 outputs are past the bound, "far"' },
    { state: 'gap', reason: 'n < 4096' },
  ],
)
const cell = (at: number) => matrix.cells[at] as SweepCell
const now = Date.parse('2026-01-01T05:00:00Z')
const stored = { ...fakeRow({ ratio0: 0.4 }), id: 'r' }
const report = { summary: summarise(matrix, [stored]), progress: null, nowMs: now }

describe('a cell', () => {
  it('says ratio and verdict without needing colour', () => {
    expect(cellLook(cell(0))).toMatchObject({ text: '0.80', sign: '▲', tone: 'good' })
    expect(cellLook({ ...cell(0), verdict: 'AMBIGUOUS' })).toMatchObject({ sign: '?', tone: 'warn' })
    expect(cellLook(cell(4))).toMatchObject({ text: 'wrong', tone: 'bad', sign: '' })
    expect(cellLook({ ...cell(0), ratio: ratio(12.34) }).text).toBe('12.3')
  })

  it('grows in colour with the factor, the same both ways', () => {
    const heat = (value: number) => cellLook({ ...cell(0), ratio: ratio(value) }).heat
    expect([heat(1), heat(2), heat(0.5), heat(64)]).toEqual([0, 50, 50, 100])
  })

  it('shows an age only of what was measured before', () => {
    expect(cachedAge(cell(2), now)).toBe('5 h')
    expect(cachedAge({ ...cell(2), isCached: false }, now)).toBe('')
    expect(cellSentence(cell(2), matrix, now)).toContain('measured 5 h ago')
    expect(cellSentence(cell(1), matrix, now)).toBe('m1/a on 1×9728×896 NT · f16: gap: bias not supported')
  })

  it('is not right when it was not the second time', () => {
    const again = { state: 'wrong' as const, reason: 'far', isCached: false, rowId: 'second' }
    const both = { ...cell(0), again }
    expect(cellLook(both)).toMatchObject({ text: 'wrong', tone: 'bad', sign: '' })
    expect([isShown(both, 'problem'), isShown(both, 'fast')]).toEqual([true, false])
    expect(cellSentence(both, matrix, now)).toContain('again: wrong: far')
    const [best] = bestPerShape({ ...matrix, cells: [both, ...matrix.cells.slice(1)] })
    expect(best).toMatchObject({ ran: 1, problems: 2, notRightAgain: [both] })
  })

  it('says when B was handed over in another layout', () => {
    const sentence = cellSentence({ ...cell(0), layout: { b: 'k×n' } }, matrix, now)
    expect(sentence).toContain("B handed over as K×N, which the shape's own layout is not")
  })

  it('is found by what it is', () => {
    const shown = (show: Parameters<typeof isShown>[1]) =>
      matrix.cells.flatMap((one, at) => (isShown(one, show) ? at : []))
    expect([shown('fast'), shown('problem'), shown('gap'), shown('cached'), shown('slow'), shown('run')]).toEqual([
      [0, 2],
      [4],
      [1, 3, 5],
      [2],
      [],
      [0, 2, 4],
    ])
  })
})

describe('the lines of a matrix', () => {
  it('stand under their backends', () => {
    expect(matrixView(matrix, { search: '', show: 'all' }).lines).toEqual([
      { kind: 'backend', backend: 'm1', count: 2 },
      { kind: 'variant', variant: 0 },
      { kind: 'variant', variant: 1 },
      { kind: 'backend', backend: 'sgemm', count: 1 },
      { kind: 'variant', variant: 2 },
    ])
  })

  it('go, like columns, when they hold nothing of what is asked for', () => {
    const view = matrixView(matrix, { search: '', show: 'problem' })
    expect(view.lines.slice(1)).toEqual([{ kind: 'variant', variant: 2 }])
    expect(view.columns).toEqual([0])
    expect(matrixView(matrix, { search: 'M1/B', show: 'all' }).lines).toHaveLength(2)
  })

  it('are drawn only where they are seen', () => {
    const of = { count: 300, size: 26, spare: 2 }
    expect(visibleRange({ start: 2600, size: 260 }, of)).toEqual({ begin: 98, end: 112 })
    expect(visibleRange({ start: 0, size: 0 }, of)).toEqual({ begin: 0, end: 2 })
    expect(visibleRange({ start: 99999, size: 260 }, of)).toEqual({ begin: 300, end: 300 })
  })

  it('are walked by keys, past the heads of backends', () => {
    const view = matrixView(matrix, { search: '', show: 'all' })
    expect(placeAfter('ArrowDown', { variant: 1, shape: 1 }, view)).toEqual({ variant: 2, shape: 1 })
    expect(placeAfter('End', { variant: 1, shape: 0 }, view)).toEqual({ variant: 1, shape: 1 })
    expect(placeAfter('ArrowUp', null, view)).toEqual({ variant: 0, shape: 0 })
    expect(placeAfter('x', null, view)).toBeNull()
  })
})

describe('best and gaps', () => {
  it('finds the fastest of each shape, and says when there is none', () => {
    const [first, second] = bestPerShape(matrix)
    expect(first).toMatchObject({
      best: { cell: cell(2), tied: [], verdict: undefined },
      ran: 2,
      problems: 1,
      gaps: 0,
      timeShare: 0.75,
    })
    const near = matrixOf(['a/x', 'a/y'], [[64]], [fast(0.4), fast(0.41)])
    expect(bestPerShape(near)[0]).toMatchObject({ best: { cell: near.cells[0], tied: [near.cells[1]] } })
    expect(second).toMatchObject({ best: null, ran: 0, waiting: 0, gaps: 3, timeShare: 0.25 })
  })

  it('finds the fastest of each element type apart, and exports gaps with their own', () => {
    const mixed = matrixOf(['a/x', 'a/y', 'a/z'], [[64]], [fast(0.4), fast(0.8), { state: 'gap', reason: 'no' }])
    for (const at of [1, 2]) mixed.variants[at]!.dtype = 'f32'
    expect(bestPerShape(mixed).map(({ dtype, best, gaps }) => [dtype, best?.cell.variant, gaps])).toEqual([
      ['f16', 0, 0],
      ['f32', 1, 1],
    ])
    const { gaps } = JSON.parse(exportText('json', { ...report, summary: summarise(mixed, []) }))
    expect(gaps[0]).toMatchObject({ variant: 'a/z', shape: { dtype: 'f32' } })
  })

  it('goes by time where there is no baseline, but never before a ratio', () => {
    const without = matrixOf(
      ['a/x', 'a/y', 'a/z'],
      [[64]],
      [{ state: 'ok', kernelNs: 20 }, { state: 'ok', kernelNs: 10 }, fast(3)],
    )
    expect(bestPerShape(without)[0]?.best?.cell.variant).toBe(2)
    without.cells.pop()
    without.variants.pop()
    expect(bestPerShape(without)[0]?.best?.cell.variant).toBe(1)
  })

  it('puts gaps of one rule together, most first', () => {
    expect(gapGroups(matrix)).toEqual([
      { reason: 'bias not supported', pairs: 2, variants: [0, 1], shapes: [1] },
      { reason: 'n < 4096', pairs: 1, variants: [2], shapes: [1] },
    ])
  })
})

describe('export', () => {
  it('has every pair, gaps and their reasons among them', () => {
    const { rows, gaps, sweep } = JSON.parse(exportText('json', report))
    expect(rows).toMatchObject([{ id: 'r', isCached: true, outcome: 'ok', identity: { tier: 'loop' } }])
    expect(gaps).toHaveLength(3)
    expect(gaps[2]).toMatchObject({ variant: 'sgemm/c', reason: 'n < 4096' })
    expect(sweep).toBeNull()
  })

  it('writes fields that a spreadsheet reads back', () => {
    const [head, ...lines] = exportText('csv', report).trimEnd().split('\n')
    expect(head?.split(',').slice(0, 3)).toEqual(['variant', 'shape', 'status'])
    expect(lines).toHaveLength(6)
    expect(lines[4]).toContain('"3 outputs are past the bound, ""far"""')
  })

  it('marks in its tables what was measured before', () => {
    const text = exportText('markdown', report)
    expect(text).toContain('| m1/b | f16 | ▲0.40* | · |')
    expect(text).toContain('| m1/b (5 h ago) | 0 ns |  | 0.400 [0.392, 0.408] |')
    expect(text).toContain('| 25.0 % |')
  })
})

it('tells how long is left once there is a pace', () => {
  const counts = { pairs: 9, gaps: 0, waiting: 5, measured: 4, cached: 0, right: 4 }
  expect(remainingNs({ counts, elapsedNs: 8e9 })).toBe(10e9)
  expect(remainingNs({ counts: { ...counts, measured: 2 }, elapsedNs: 8e9 })).toBeNull()
  expect([8e9, 200e9, 3600e9, 3900e9].map(durationText)).toEqual(['8 s', '3 min 20 s', '1 h', '1 h 5 min'])
})
