import type { Row } from '#contract/row.ts'
import { resolveTarget } from '../catalog/resolve-target.ts'
import { includeClosure } from '../catalog/source-closure.ts'
import type { Workspace } from '../catalog/workspace.ts'
import { insideRoot } from '../catalog/workspace-scan.ts'
import type { SourceStore } from '../store/source-store.ts'
import type { BenchRequest } from '../verify/types.ts'

/**
 * Keeps what a row's kernel is compiled from, once for each hash. A file that was changed since the row began has another
 * hash, and is not taken for the row's. That it cannot be kept is no failure of a bench.
 */
export function keepSource(
  store: SourceStore,
  workspace: Workspace,
  of: { row: Row; target: BenchRequest['target'] },
): void {
  const { sourceHash } = of.row.identity
  if (sourceHash === '' || store.knows(sourceHash)) return
  const kernel = resolveTarget(workspace, of.target, { mayBeOutside: true })
  if (!kernel.ok || kernel.value.sourceHash !== sourceHash) return
  const { path, source, includeRoots } = kernel.value
  const nameOf = (file: string) => (insideRoot(workspace.root, file) ? workspace.relativePath(file) : null)
  const included = includeClosure({ path, text: source, includeRoots }).flatMap((file) => {
    const name = file.path && nameOf(file.path)
    return name ? [{ name, text: file.text }] : []
  })
  const main = { name: nameOf(path) ?? path.split(/[\\/]/).at(-1) ?? '', text: source }
  const kept = store.keep({ hash: sourceHash, files: [main, ...included] })
  if (!kept.ok) console.error(kept.error.message)
}
