import { lab } from '../client/lab.ts'
import { editorPort } from '../editor/editor-port.ts'
import type { OpenDocument } from '../state/documents-slice.ts'
import { useLab } from '../state/store.ts'
import { backupSoon } from './backup-document.ts'
import { checkOpenDocuments } from './check-document.ts'
import type { Command } from './command.ts'
import { loadWorkspace } from './load-workspace.ts'
import { refreshCatalog } from './refresh-catalog.ts'
import { reportError } from './report-error.ts'

/** Writes what the editor holds. False when the disk was not changed; a conflict then shows on the document. */
export async function saveDocument(id: string): Promise<boolean> {
  const document = useLab.getState().open.find((candidate) => candidate.id === id)
  const text = editorPort().text(id)
  if (!document || text === undefined) return false
  const baseHash = document.isMissing ? await recreate(document) : document.baseHash
  if (baseHash === null) return false
  const result = await lab().request('document.save', { id, text, baseHash })
  if (!result.ok) {
    if (result.error.kind === 'conflict') useLab.getState().patchDocument(id, { isConflicted: true })
    else reportError(result.error)
    return false
  }
  useLab.getState().patchDocument(id, { baseHash: result.value.hash, isConflicted: false, isBaseLost: false })
  editorPort().markSaved(id, text)
  backupSoon(id)
  if (document.kind === 'header') checkOpenDocuments()
  await refreshCatalog()
  return true
}

/** Makes the file of a deleted document anew, empty. Answers what to save on top of; null when that failed. */
async function recreate({ id, name, path }: OpenDocument): Promise<string | null> {
  const folder = path.slice(0, -name.length - 1)
  const parent = useLab.getState().workspace?.nodes.find((node) => node.kind === 'folder' && node.path === folder)
  if (folder !== '' && parent === undefined) {
    reportError({ kind: 'not-found', message: `The folder ${folder} was deleted, too: make it again, then save.` })
    return null
  }
  const created = await lab().request('document.create', { parentId: parent?.id ?? null, name })
  const made = created.ok ? await lab().request('document.read', { id }) : created
  if (!made.ok) {
    reportError(made.error)
    return null
  }
  await loadWorkspace()
  return made.value.hash
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
