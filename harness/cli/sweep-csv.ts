import { formatShape } from '#contract/shape.ts'
import { outcomeOf, type SweepCell, shapeOfCell } from '#contract/sweep.ts'
import type { SweepSummary } from '../sweep/summary.ts'

type Scalar = string | number | boolean

/** First, in this order; all others follow sorted by name. */
const leading = [
  'variant',
  'shape',
  'status',
  'reason',
  'isCached',
  'startedAt',
  'ratio.value',
  'ratio.low',
  'ratio.high',
]

/** Every scalar of a value by its dotted path; an array becomes its length, as `<path>Count`. */
function scalarsOf(value: unknown, path: string, into: Map<string, Scalar>): void {
  if (Array.isArray(value)) into.set(`${path}Count`, value.length)
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) scalarsOf(member, path ? `${path}.${name}` : name, into)
  } else if (value !== null && value !== undefined) into.set(path, value as Scalar)
}

function recordOf({ matrix, rows }: SweepSummary, cell: SweepCell): Map<string, Scalar> {
  const record = new Map<string, Scalar>()
  const { shape = shapeOfCell(matrix, cell), ...row } = rows.get(cell.rowId ?? '') ?? {}
  scalarsOf({ ...row, size: shape }, '', record)
  if (cell.again) scalarsOf({ again: cell.again }, '', record)
  record.set('variant', matrix.variants[cell.variant]!.id)
  record.set('shape', formatShape(shape))
  if (cell.layout) record.set('layout.b', cell.layout.b)
  const { state, reason } = outcomeOf(cell)
  record.set('status', state)
  record.set('isCached', cell.isCached)
  if (reason !== undefined) record.set('reason', reason)
  return record
}

/** Quoted where a comma, a quote or a line's end would be read as the format's own. */
function field(value: Scalar | undefined): string {
  const text = value === undefined ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * One line per pair, gaps among them, with every metric of its row in a column of its own; samples only as their number.
 * Of a pair without a row the columns that only a row has are empty.
 */
export function sweepCsv(summary: SweepSummary): string {
  const records = summary.matrix.cells.map((cell) => recordOf(summary, cell))
  const names = new Set(records.flatMap((record) => [...record.keys()]))
  const others = [...names].filter((name) => !leading.includes(name)).sort()
  const columns = [...leading.filter((name) => names.has(name)), ...others]
  const lines = records.map((record) => columns.map((name) => field(record.get(name))).join(','))
  return [columns.join(','), ...lines].join('\n')
}
