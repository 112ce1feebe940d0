import type { Row } from '#contract/row.ts'
import type { SweepMatrix } from '#contract/sweep.ts'
import { summarise } from '#contract/sweep-summary.ts'
import { lab } from '../client/lab.ts'
import { useLab } from '../state/store.ts'
import { shownMatrix } from '../state/sweep-slice.ts'
import { type ExportFormat, exportText } from '../sweep/export-text.ts'
import { reportError } from './report-error.ts'
import { saveFile } from './save-file.ts'

const kinds: Record<ExportFormat, { extension: string; type: string }> = {
  markdown: { extension: 'md', type: 'text/markdown' },
  csv: { extension: 'csv', type: 'text/csv' },
  json: { extension: 'json', type: 'application/json' },
}

/** Rows of all cells, the second ones too: more of them than are kept at hand. */
async function rowsOf({ cells }: SweepMatrix): Promise<Row[] | null> {
  const ids = cells.flatMap(({ rowId, again }) => [rowId, again?.rowId].filter((id) => id !== undefined))
  const result = await lab().request('rows.get', { ids })
  if (result.ok) return result.value.rows
  reportError(result.error)
  return null
}

/** Gives the matrix on the screen, with every metric of its rows, to the person as a file. */
export async function exportSweep(format: ExportFormat): Promise<void> {
  const state = useLab.getState()
  const matrix = shownMatrix(state)?.matrix
  if (!matrix) return
  const rows = await rowsOf(matrix)
  if (!rows) return
  const progress = state.sweepSource === 'sweep' ? state.sweep : null
  const text = exportText(format, { summary: summarise(matrix, rows), progress, nowMs: Date.now() })
  const { extension, type } = kinds[format]
  const day = new Date().toISOString().slice(0, 10)
  saveFile({ name: `sweep-${day}.${extension}`, text, type })
}
