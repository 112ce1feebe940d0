import { ok, type Result } from '#contract/error.ts'
import type { Workspace } from '../catalog/workspace.ts'
import type { HostContext } from './context.ts'
import type { HostHandlers } from './handlers.ts'

type DocumentRequest = 'workspace.open' | `document.${string}` | 'compile.check'

/** Files of the workspace: the tree, reading and saving, hot exit, and checking a text while it is typed. */
export function documentHandlers(
  context: HostContext,
): Pick<HostHandlers, Extract<keyof HostHandlers, DocumentRequest>> {
  const within = <T>(use: (workspace: Workspace) => Result<T>): Promise<Result<T>> => {
    const workspace = context.workspace()
    return Promise.resolve(workspace.ok ? use(workspace.value) : workspace)
  }
  const isCatalogFile = (workspace: Workspace, id: string) => {
    const path = workspace.pathOf(id)
    return path.ok && /\.(json|csv|txt)$/.test(path.value)
  }
  return {
    'workspace.open': () => within((workspace) => ok(workspace.tree())),
    'document.read': ({ id }) => within((workspace) => workspace.read(id)),
    'document.save': ({ id, text, baseHash }) =>
      within((workspace) => {
        const saved = workspace.save(id, { text, baseHash })
        if (!saved.ok) return saved
        context.savedHashes.set(id, saved.value.hash)
        // A kernel's text decides which flags are still proven, so saving one changes the catalog as a manifest does.
        if (isCatalogFile(workspace, id) || workspace.manifestPath) context.emit('catalog.changed', {})
        return saved
      }),
    'document.create': ({ parentId, name }) =>
      within((workspace) => {
        const created = workspace.create(parentId, name)
        if (created.ok) context.emit('workspace.changed', { documentIds: [] })
        return created
      }),
    'document.backup': ({ id, text, baseHash }) =>
      within((workspace) => {
        const kept = workspace.backup(id, text === null ? null : { text, baseHash })
        return kept.ok ? ok({}) : kept
      }),
    'compile.check': async ({ documentId, text, device }) => {
      const workspace = context.workspace()
      if (!workspace.ok) return workspace
      const path = workspace.value.pathOf(documentId)
      if (!path.ok) return path
      const queue = context.checks(device)
      if (!queue.ok) return queue
      const { includeRoots } = workspace.value
      return queue.value.check(documentId, { source: text, path: path.value, includeRoots })
    },
  }
}
