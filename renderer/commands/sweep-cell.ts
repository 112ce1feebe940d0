import type { Flag } from '#contract/manifest.ts'
import { lab } from '../client/lab.ts'
import { useLab } from '../state/store.ts'
import { type CellPlace, cellAt, shownMatrix } from '../state/sweep-slice.ts'
import { openDocument } from './open-document.ts'
import { reportError } from './report-error.ts'

/** Chooses a cell, and asks for the row behind it. */
export async function selectCell(place: CellPlace): Promise<void> {
  const state = useLab.getState()
  state.setSweepOption({ sweepPlace: place })
  const matrix = shownMatrix(state)?.matrix
  const rowId = matrix && cellAt(matrix, place)?.rowId
  if (rowId) await fetchRows([rowId])
}

/** Asks for rows that were not asked for yet. False when that failed. */
export async function fetchRows(ids: readonly string[]): Promise<boolean> {
  const missing = ids.filter((id) => !useLab.getState().sweepRows[id])
  if (missing.length === 0) return true
  const result = await lab().request('rows.get', { ids: missing })
  if (result.ok) useLab.getState().keepSweepRows(result.value.rows)
  else reportError(result.error)
  return result.ok
}

/** Puts a pair into the form of the Bench panel, or of another that runs one kernel. */
export function takeCell({ variant, shape }: CellPlace, tab: 'bench' | 'analysis'): void {
  const state = useLab.getState()
  const matrix = shownMatrix(state)?.matrix
  const [row, column] = [matrix?.variants[variant], matrix?.shapes[shape]]
  if (!row || !column) return
  state.chooseTarget({ kind: 'variant', id: row.id })
  state.chooseShape({ ...column.shape, dtype: column.hasDtype ? column.shape.dtype : row.dtype })
  state.setLayout({ tab })
}

/** Shows a flag that keeps a pair from being run. */
export function showFlag(variant: string, flag: Flag): void {
  useLab.getState().selectFlag({ variant, flag })
  useLab.getState().setLayout({ tab: 'manifest' })
}

/** Opens the file of a variant's kernel. */
export async function openKernel(variant: string): Promise<void> {
  const documentId = useLab.getState().variants.find(({ id }) => id === variant)?.documentId
  if (documentId) await openDocument(documentId)
}
