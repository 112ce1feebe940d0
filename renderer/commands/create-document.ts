import { lab } from '../client/lab.ts'
import { useLab } from '../state/store.ts'
import { loadWorkspace } from './load-workspace.ts'
import { openDocument } from './open-document.ts'
import { reportError } from './report-error.ts'

/** Makes an empty file in a folder (null: the root) and opens it. */
export async function createDocument(parentId: string | null, name: string): Promise<void> {
  const result = await lab().request('document.create', { parentId, name })
  if (!result.ok) return reportError(result.error)
  if (!useLab.getState().workspace?.nodes.some((node) => node.id === result.value.id)) await loadWorkspace()
  await openDocument(result.value.id)
}
