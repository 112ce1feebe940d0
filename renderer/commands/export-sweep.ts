import { useLab } from '../state/store.ts'
import { shownMatrix } from '../state/sweep-slice.ts'
import { type ExportFormat, exportText } from '../sweep/export-text.ts'
import { saveFile } from './save-file.ts'
import { fetchRows } from './sweep-cell.ts'

const kinds: Record<ExportFormat, { extension: string; type: string }> = {
  markdown: { extension: 'md', type: 'text/markdown' },
  csv: { extension: 'csv', type: 'text/csv' },
  json: { extension: 'json', type: 'application/json' },
}

/** Gives the matrix on the screen, with every metric of its rows, to the person as a file. */
export async function exportSweep(format: ExportFormat): Promise<void> {
  const matrix = shownMatrix(useLab.getState())?.matrix
  if (!matrix) return
  const ids = matrix.cells.flatMap(({ rowId }) => rowId ?? [])
  if (format !== 'markdown' && !(await fetchRows(ids))) return
  const text = exportText(format, { matrix, rows: useLab.getState().sweepRows })
  const { extension, type } = kinds[format]
  const day = new Date().toISOString().slice(0, 10)
  saveFile({ name: `sweep-${day}.${extension}`, text, type })
}
