import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '#contract/diagnostic.ts'
import { foundFirst, problemRows } from './problem-list.ts'

const open = [
  {
    id: 'a',
    name: 'a.metal',
    path: 'kernels/a.metal',
    kind: 'metal',
    baseHash: '',
    isDirty: false,
    isConflicted: false,
  } as const,
]
const diagnostic = (line: number, severity: Diagnostic['severity']): Diagnostic => ({
  file: 'kernels/a.metal',
  line,
  column: 3,
  severity,
  message: `m${line}`,
})

const none = { open: [], diagnostics: {}, problems: [], analyses: [] }

describe('problemRows', () => {
  it('puts errors first, then goes by line', () => {
    const diagnostics = { a: [diagnostic(9, 'warning'), diagnostic(7, 'error'), diagnostic(2, 'error')] }
    const rows = problemRows({ ...none, open, diagnostics })
    expect(rows.map((row) => row.line)).toEqual([2, 7, 9])
  })

  it('can begin with one document', () => {
    const other = { ...diagnostic(1, 'error'), file: 'kernels/z.metal' }
    const both = [...open, { ...open[0], id: 'z' }] as (typeof open)[number][]
    const rows = problemRows({ ...none, open: both, diagnostics: { a: [diagnostic(1, 'error')], z: [other] } })
    expect(rows.map((row) => row.file)).toEqual(['kernels/a.metal', 'kernels/z.metal'])
    expect(foundFirst(rows, { path: 'kernels/none.metal', diagnostics: [other] }).map((row) => row.file)).toEqual([
      'kernels/z.metal',
      'kernels/a.metal',
    ])
  })

  it('lists findings with their other side, those of an older text last, and each once for two kernels of a line', () => {
    const finding = {
      kind: 'race' as const,
      file: 'kernels/a.metal',
      line: 8,
      otherLine: 3,
      thread: [0, 0, 0] as [number, number, number],
      threadgroup: [0, 0, 0] as [number, number, number],
      count: 4,
      message: 'a race',
    }
    const report = { findings: [finding], orderDependence: [], files: ['kernels/a.metal'] }
    const old = { ...report, findings: [{ ...finding, line: 1, message: 'an old race' }] }
    const analyses = [
      { report: old, isStale: true },
      { report, isStale: false },
      { report, isStale: false },
    ]
    const rows = problemRows({ ...none, open, diagnostics: { a: [diagnostic(9, 'warning')] }, analyses })
    expect(rows.map(({ line, source, isStale = false }) => [line, source, isStale])).toEqual([
      [8, 'race', false],
      [9, 'metal', false],
      [1, 'race', true],
    ])
    expect(rows[0]?.related).toEqual({ file: 'kernels/a.metal', line: 3 })
  })

  it('begins with what is said about the lines of the document in front', () => {
    const other = { ...diagnostic(1, 'error'), file: 'kernels/0.metal' }
    const rows = problemRows({ ...none, open, diagnostics: { a: [other, diagnostic(5, 'warning')] } })
    expect(foundFirst(rows, { path: 'kernels/a.metal' }).map(({ line }) => line)).toEqual([5, 1])
  })

  it('leaves out documents that are closed', () => {
    expect(problemRows({ ...none, diagnostics: { a: [diagnostic(1, 'error')] } })).toEqual([])
  })

  it('says once what two documents report about a shared header', () => {
    const both = [...open, { ...open[0], id: 'b' }] as (typeof open)[number][]
    const diagnostics = { a: [diagnostic(1, 'error')], b: [diagnostic(1, 'error')] }
    expect(problemRows({ ...none, open: both, diagnostics })).toHaveLength(1)
  })

  it('says whom a finding is about, and its place only once', () => {
    const problem = { rule: 'r', severity: 'error', variant: 'b/v', path: 'm.json', line: 2, column: 13 } as const
    const message = '/w/m.json, line 2, column 13: value expected'
    expect(problemRows({ ...none, problems: [{ ...problem, message }] })[0]).toMatchObject({
      message: 'b/v: value expected',
      line: 2,
      column: 13,
    })
    expect(problemRows({ ...none, problems: [{ ...problem, message: 'b/v has no bias' }] })[0]?.message).toBe(
      'b/v has no bias',
    )
  })
})
