import type { LineCounts } from '#contract/analysis.ts'
import { deviceLines, flops } from '#contract/analysis-metrics.ts'
import { fail, ok, type Result } from '#contract/error.ts'
import type { Shape } from '#contract/shape.ts'
import { parseShape } from '../catalog/shape-text.ts'

/** What a column of a table of counted figures means: a kernel's totals of one analysis. */
export const countColumns: Record<string, (total: LineCounts) => number> = {
  'bytes read': (total) => total.deviceReadBytes,
  'bytes written': (total) => total.deviceWriteBytes,
  lines: deviceLines,
  'ideal lines': (total) => total.deviceIdealLines,
  'threadgroup bytes': (total) => total.threadgroupReadBytes + total.threadgroupWriteBytes,
  'bank conflicts': (total) => total.bankConflictCycles,
  barriers: (total) => total.barriers,
  'simdgroup ops': (total) => total.simdgroupOps,
  flops,
}
/** Columns without which a table does not say how a kernel uses memory. */
const requiredColumns = ['bytes read', 'lines', 'bank conflicts']

/** One row of such a table: an entry of the file, or a variant `backend/name`, and its integers by column. */
export interface CountRow {
  subject: string
  /** 1-based line of the file. */
  line: number
  counts: Record<string, number>
}

/** The figures that a kernel's header states for one shape. */
export interface CountTable {
  shape: Shape
  columns: string[]
  rows: CountRow[]
  /** 1-based lines of the file: of the head, and of the last row. */
  begin: number
  end: number
}

const tableLine = /^\/\/\s*\|(.*)\|\s*$/
/** A cell of the line below a table's head. */
export const separator = /^[\s|:-]+$/

/** The cells of a line of a table in a kernel's comments; null of any other line. */
export function cellsOf(line: string): string[] | null {
  const inside = tableLine.exec(line)?.[1]
  return inside === undefined ? null : inside.split('|').map((cell) => cell.trim())
}

const isHead = (cells: string[]) => cells[0]?.startsWith('counted at ') ?? false

/** The cells of a row; null where a table ends. */
function rowAt(lines: string[], index: number): string[] | null {
  const cells = cellsOf(lines[index] ?? '')
  return cells && !isHead(cells) ? cells : null
}

function readHead(cells: string[], line: number): Result<Pick<CountTable, 'shape' | 'columns'>> {
  const shape = parseShape(cells[0]!.slice('counted at '.length))
  if (!shape.ok) return invalid(line, shape.error.message)
  const columns = cells.slice(1)
  const unknown = columns.find((column) => !Object.hasOwn(countColumns, column))
  if (unknown !== undefined)
    return invalid(line, `no column "${unknown}"; known: ${Object.keys(countColumns).join(', ')}`)
  const missing = requiredColumns.filter((column) => !columns.includes(column))
  return missing.length > 0
    ? invalid(line, `a table of counted figures needs ${missing.join(', ')}`)
    : ok({ shape: shape.value, columns })
}

function readRow(cells: string[], columns: string[], line: number): Result<CountRow> {
  const [subject, ...numbers] = cells as [string, ...string[]]
  if (numbers.length !== columns.length) return invalid(line, `${numbers.length} figures for ${columns.length} columns`)
  const wrong = numbers.find((number) => !/^\d+$/.test(number))
  if (wrong !== undefined) return invalid(line, `"${wrong}" is no plain integer`)
  return ok({ subject, line, counts: Object.fromEntries(columns.map((column, i) => [column, Number(numbers[i])])) })
}

function invalid(line: number, message: string): Result<never> {
  return fail({ kind: 'invalid', message: `line ${line}: ${message}` })
}

/**
 * The tables of counted figures in a kernel's comments: each begins with a head `| counted at SHAPE | COLUMN | … |` and
 * ends at the first line that is no row. `invalid` names the line that does not fit.
 */
export function parseCountTables(text: string): Result<CountTable[]> {
  const lines = text.split('\n')
  const tables: CountTable[] = []
  for (let at = 0; at < lines.length; at++) {
    const cells = cellsOf(lines[at]!)
    if (!cells || !isHead(cells)) continue
    const head = readHead(cells, at + 1)
    if (!head.ok) return head
    const table: CountTable = { ...head.value, rows: [], begin: at + 1, end: at + 1 }
    for (let next = rowAt(lines, at + 1); next !== null; next = rowAt(lines, ++at + 1)) {
      table.end = at + 2
      if (next.every((cell) => separator.test(cell))) continue
      const row = readRow(next, table.columns, at + 2)
      if (!row.ok) return row
      table.rows.push(row.value)
    }
    tables.push(table)
  }
  return ok(tables)
}

/** What an analysis counted, in a table's columns. */
export function countsIn(columns: readonly string[], total: LineCounts): Record<string, number> {
  return Object.fromEntries(columns.map((column) => [column, countColumns[column]!(total)]))
}

/** A table as text, its columns aligned; the shape as its head has it. */
export function formatCountTable(table: CountTable, head: string): string[] {
  const grid = [
    [head, ...table.columns],
    ...table.rows.map((row) => [row.subject, ...table.columns.map((c) => `${row.counts[c]}`)]),
  ]
  const widths = grid[0]!.map((_, column) => Math.max(...grid.map((cells) => cells[column]!.length)))
  const line = (cells: string[]) => `//   | ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`
  const rule = `//   |${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [line(grid[0]!), rule, ...grid.slice(1).map(line)]
}
