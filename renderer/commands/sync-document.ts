import type { LabError } from '#contract/error.ts'
import { lab } from '../client/lab.ts'
import { editorPort } from '../editor/editor-port.ts'
import { useLab } from '../state/store.ts'
import { backupSoon } from './backup-document.ts'
import { loadWorkspace } from './load-workspace.ts'
import { reportError } from './report-error.ts'
import { saveDocument } from './save-document.ts'

/** Follows a change on disk: clean text is replaced, dirty text is kept and marked as in conflict. */
export async function syncDocument(id: string): Promise<void> {
  const before = useLab.getState().open.find((document) => document.id === id)
  if (!before || before.isMissing) return
  const result = await lab().request('document.read', { id })
  if (!result.ok) return unreadable(id, result.error)
  const { text, hash } = result.value
  const document = useLab.getState().open.find((candidate) => candidate.id === id)
  if (!document) return
  if (hash === document.baseHash) {
    if (document.isConflicted && !document.isBaseLost) useLab.getState().patchDocument(id, { isConflicted: false })
    return
  }
  if (document.isDirty && editorPort().text(id) !== text) {
    useLab.getState().patchDocument(id, { isConflicted: true })
    return
  }
  takeOver(id, text, hash)
}

/** Ends a conflict in favour of the disk; undo brings the unsaved text back. */
export async function reloadDocument(id: string): Promise<void> {
  const result = await lab().request('document.read', { id })
  if (!result.ok) return reportError(result.error)
  takeOver(id, result.value.text, result.value.hash)
}

/** Ends a conflict in favour of the editor. */
export async function overwriteDocument(id: string): Promise<void> {
  const result = await lab().request('document.read', { id })
  if (!result.ok) return reportError(result.error)
  useLab.getState().patchDocument(id, { baseHash: result.value.hash })
  await saveDocument(id)
}

/** A file that is gone has a banner, which the tree decides. */
async function unreadable(id: string, error: LabError): Promise<void> {
  await loadWorkspace()
  if (!useLab.getState().open.some((document) => document.id === id && document.isMissing)) reportError(error)
}

/** Declares a text to be what the disk holds, in the editor as well; undo brings back what was there. */
export function takeOver(id: string, text: string, hash: string): void {
  useLab.getState().patchDocument(id, { baseHash: hash, isConflicted: false, isBaseLost: false })
  editorPort().takeFromDisk(id, text)
  backupSoon(id)
}
