import { ok, type Result } from '#contract/error.ts'
import type { Workspace } from '../catalog/workspace.ts'
import type { HostContext } from './context.ts'
import { displayReport } from './display-path.ts'
import type { HostHandlers } from './handlers.ts'

type DocumentRequest = 'workspace.open' | `document.${string}` | 'compile.check'

/** Files of the workspace: the tree, reading and saving, and checking a text while it is typed. */
export function documentHandlers(
  context: HostContext,
): Pick<HostHandlers, Extract<keyof HostHandlers, DocumentRequest>> {
  const within = <T>(use: (workspace: Workspace) => Result<T>): Promise<Result<T>> => {
    const workspace = context.workspace()
    return Promise.resolve(workspace.ok ? use(workspace.value) : workspace)
  }
  return {
    'workspace.open': () =>
      within((workspace) => {
        context.watchWorkspace(workspace)
        return ok(workspace.tree())
      }),
    'document.read': ({ id }) =>
      within((workspace) => {
        const document = workspace.read(id)
        if (document.ok) context.knownHashes.set(id, document.value.hash)
        return document
      }),
    'document.save': ({ id, text, baseHash }) =>
      within((workspace) => {
        const saved = workspace.save(id, { text, baseHash })
        if (!saved.ok) return saved
        context.knownHashes.set(id, saved.value.hash)
        // Another window may show this document, and the watch takes what the lab itself wrote for known.
        context.emit('workspace.changed', { documentIds: [id] })
        // Also for a kernel: its text decides which flags are still proven.
        context.emit('catalog.changed', {})
        return saved
      }),
    'document.create': ({ parentId, name }) =>
      within((workspace) => {
        const created = workspace.create(parentId, name)
        if (created.ok) context.emit('workspace.changed', { documentIds: [] })
        return created
      }),
    'compile.check': async ({ documentId, text, device }) => {
      const workspace = context.workspace()
      if (!workspace.ok) return workspace
      const path = workspace.value.pathOf(documentId)
      if (!path.ok) return path
      const queue = context.checks(device)
      if (!queue.ok) return queue
      const { includeRoots, root } = workspace.value
      const report = await queue.value.check(documentId, { source: text, path: path.value, includeRoots })
      return report.ok ? ok(displayReport(root, report.value)) : report
    },
  }
}
