import { csvText, type Scalar, scalarsOf } from './csv.ts'
import type { Row } from './row.ts'
import { outcomeDocument, promised } from './row-document.ts'
import { formatShape } from './shape.ts'
import { outcomeOf, type SweepCell, shapeOfCell } from './sweep.ts'
import type { SweepSummary } from './sweep-summary.ts'

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

/** The second row of a pair, with a status as the first one's. */
function secondOf({ rows }: SweepSummary, { again }: SweepCell) {
  if (!again) return undefined
  const { state, ...figures } = again
  const { variant: _, shape: __, ...row }: Partial<Row> = rows.get(again.rowId) ?? {}
  return { ...figures, ...row, isCached: again.isCached, status: promised(state, row.errorKind) }
}

function recordOf(summary: SweepSummary, cell: SweepCell): Map<string, Scalar> {
  const { matrix, rows } = summary
  const { shape: _, line: __, hasDtype: ___, ...recorded } = matrix.shapes[cell.shape]!
  const { shape: run = shapeOfCell(matrix, cell), ...row }: Partial<Row> = rows.get(cell.rowId ?? '') ?? {}
  const record = new Map<string, Scalar>()
  scalarsOf(
    { ...row, size: run, list: recorded, again: secondOf(summary, cell), layout: cell.layout ?? row.layout },
    '',
    record,
  )
  const own = {
    variant: matrix.variants[cell.variant]!.id,
    shape: formatShape(run),
    status: outcomeDocument(cell, rows),
    reason: outcomeOf(cell).reason,
    isCached: cell.isCached,
    claim: cell.claim,
  }
  scalarsOf(own, '', record)
  return record
}

/**
 * One line per pair, gaps among them, with every metric of its row in a column of its own, and of its second row under
 * `again.`; samples only as their number. Of a pair without a row the columns that only a row has are empty.
 */
export function sweepCsv(summary: SweepSummary): string {
  const records = summary.matrix.cells.map((cell) => recordOf(summary, cell))
  return csvText(records, leading)
}
