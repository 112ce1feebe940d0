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
    expect(foundFirst(rows, [other]).map((row) => row.file)).toEqual(['kernels/z.metal', 'kernels/a.metal'])
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
