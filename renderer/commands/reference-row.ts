import type { Row } from '#contract/row.ts'
import { lab } from '../client/lab.ts'
import { useLab } from '../state/store.ts'
import type { Command } from './command.ts'
import { reportError } from './report-error.ts'

/** Reads which row others are held against: an earlier session may have chosen it. */
export async function loadReference(): Promise<void> {
  const result = await lab().request('rows.reference', {})
  if (result.ok) useLab.getState().setReferenceRow(result.value.row)
  else reportError(result.error)
}

/** Makes a row the one that others are held against; null: none is. */
export async function pinRow(id: string | null): Promise<void> {
  const result = await lab().request('rows.pin', { id })
  if (!result.ok) return reportError(result.error)
  const state = useLab.getState()
  state.setReferenceRow(result.value.row)
  if (result.value.row === null) state.setDetailView('result')
}

/** Asks for what rows were compiled from, unless that was asked before. */
export async function fetchSources(rows: readonly Row[]): Promise<void> {
  const { sources } = useLab.getState()
  const hashes = rows.map(({ identity }) => identity.sourceHash).filter((hash) => hash !== '' && !(hash in sources))
  if (hashes.length === 0) return
  const result = await lab().request('rows.sources', { hashes })
  if (result.ok) useLab.getState().keepSources(hashes, result.value.sources)
  else reportError(result.error)
}

export const pinChosenRow: Command = {
  id: 'row.pin',
  label: 'Hold results against the chosen one',
  when: ({ selectedRowId }) => selectedRowId !== null,
  run: () => void pinRow(useLab.getState().selectedRowId),
}

export const unpinRow: Command = {
  id: 'row.unpin',
  label: 'Hold results against none',
  when: ({ referenceRow }) => referenceRow !== null,
  run: () => void pinRow(null),
}
