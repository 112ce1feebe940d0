import type { Row } from '#contract/row.ts'
import type { SweepMatrix } from '#contract/sweep.ts'
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

/** Rows of all cells by id: more of them than are kept at hand. */
async function rowsOf({ cells }: SweepMatrix): Promise<Record<string, Row> | null> {
  const result = await lab().request('rows.get', { ids: cells.flatMap(({ rowId }) => rowId ?? []) })
  if (result.ok) return Object.fromEntries(result.value.rows.map((row) => [row.id, row]))
  reportError(result.error)
  return null
}

/** Gives the matrix on the screen, with every metric of its rows, to the person as a file. */
export async function exportSweep(format: ExportFormat): Promise<void> {
  const matrix = shownMatrix(useLab.getState())?.matrix
  if (!matrix) return
  const rows = format === 'markdown' ? {} : await rowsOf(matrix)
  if (!rows) return
  const text = exportText(format, { matrix, rows })
  const { extension, type } = kinds[format]
  const day = new Date().toISOString().slice(0, 10)
  saveFile({ name: `sweep-${day}.${extension}`, text, type })
}
