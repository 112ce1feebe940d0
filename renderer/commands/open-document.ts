import type { TreeNode } from '#contract/workspace.ts'
import { lab } from '../client/lab.ts'
import { editorPort } from '../editor/editor-port.ts'
import { useLab } from '../state/store.ts'
import { checkDocumentSoon } from './check-document.ts'
import { reportError } from './report-error.ts'

const opening = new Map<string, Promise<boolean>>()

/** Gives a document a model and, unless told otherwise, a tab in front. False when it could not be read. */
export async function openDocument(id: string, { isActivated = true } = {}): Promise<boolean> {
  const isOpen = useLab.getState().open.some((document) => document.id === id)
  const loading = isOpen ? Promise.resolve(true) : (opening.get(id) ?? loadDocument(id))
  opening.set(id, loading)
  const isLoaded = await loading.finally(() => opening.delete(id))
  if (isLoaded && isActivated) useLab.getState().activateDocument(id)
  return isLoaded
}

async function loadDocument(id: string): Promise<boolean> {
  const result = await lab().request('document.read', { id })
  if (!result.ok) {
    reportError(result.error)
    return false
  }
  const { name, path, text, hash, backup } = result.value
  const unsaved = backup && backup.text !== text ? backup.text : undefined
  // Saving must stay refused until the person has chosen a side, so the unsaved text keeps the base it had.
  const baseHash = unsaved === undefined ? hash : (backup?.baseHash ?? hash)
  const isConflicted = baseHash !== hash
  editorPort().open({ id, name, text, unsaved })
  const isDirty = unsaved !== undefined
  const document = { id, name, path, kind: kindOf(id), baseHash, isDirty, isConflicted, isBaseLost: isConflicted }
  useLab.getState().addDocument(document)
  checkDocumentSoon(id, 0)
  return true
}

function kindOf(id: string): TreeNode['kind'] {
  return useLab.getState().workspace?.nodes.find((node) => node.id === id)?.kind ?? 'other'
}
