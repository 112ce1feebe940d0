import { lab } from '../client/lab.ts'
import { editorPort } from '../editor/editor-port.ts'
import { useLab } from '../state/store.ts'
import { backupSoon } from './backup-document.ts'
import { checkOpenDocuments } from './check-document.ts'
import type { Command } from './command.ts'
import { refreshCatalog } from './refresh-catalog.ts'
import { reportError } from './report-error.ts'

/** Writes what the editor holds. False when the disk was not changed; a conflict then shows on the document. */
export async function saveDocument(id: string): Promise<boolean> {
  const document = useLab.getState().open.find((candidate) => candidate.id === id)
  const text = editorPort().text(id)
  if (!document || text === undefined) return false
  const result = await lab().request('document.save', { id, text, baseHash: document.baseHash })
  if (!result.ok) {
    if (result.error.kind === 'conflict') useLab.getState().patchDocument(id, { isConflicted: true })
    else reportError(result.error)
    return false
  }
  useLab.getState().patchDocument(id, { baseHash: result.value.hash, isConflicted: false })
  editorPort().markSaved(id, text)
  backupSoon(id)
  if (document.kind === 'header') checkOpenDocuments()
  await refreshCatalog()
  return true
}

/** Saves a document when it has unsaved text. False when that failed. */
export async function saveIfDirty(id: string | null | undefined): Promise<boolean> {
  const isDirty = useLab.getState().open.some((document) => document.id === id && document.isDirty)
  return isDirty && id ? saveDocument(id) : true
}

export const saveActiveDocument: Command = {
  id: 'document.save',
  label: 'Save',
  shortcut: 'Mod+S',
  when: (state) => state.activeId !== null,
  run: async () => {
    const { activeId } = useLab.getState()
    if (activeId !== null) await saveDocument(activeId)
  },
}

export const saveAllDocuments: Command = {
  id: 'document.saveAll',
  label: 'Save all',
  shortcut: 'Mod+Alt+S',
  when: (state) => state.open.some((document) => document.isDirty),
  run: async () => {
    for (const document of useLab.getState().open) await saveIfDirty(document.id)
  },
}
