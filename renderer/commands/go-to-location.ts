import { editorPort } from '../editor/editor-port.ts'
import { useLab } from '../state/store.ts'
import { isAbout } from './check-document.ts'
import { openDocument } from './open-document.ts'

/** Opens a document at a 1-based position. */
export async function goToLocation(id: string, line = 1, column = 1): Promise<void> {
  if (!(await openDocument(id))) return
  if (useLab.getState().isWorkbenchMaximised) useLab.getState().setLayout({ isWorkbenchMaximised: false })
  editorPort().reveal(id, line, column)
}

/** The same for a file as a compiler or a crash report names it. */
export async function goToFile(file: string, line = 1, column = 1): Promise<void> {
  const id = documentIdOf(file)
  if (id) await goToLocation(id, line, column)
  else useLab.getState().notify('error', `${file} is not in this workspace.`)
}

/** The document that a file named by a compiler is. */
export function documentIdOf(file: string): string | undefined {
  const nodes = useLab.getState().workspace?.nodes.filter((node) => node.kind !== 'folder') ?? []
  const exact = nodes.find((node) => isAbout(file, { ...node, name: node.path }))
  return (exact ?? nodes.find((node) => node.name === file))?.id
}
