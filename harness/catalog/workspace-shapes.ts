import type { Result } from '#contract/error.ts'
import { ok } from '#contract/error.ts'
import { formatShape } from '#contract/shape.ts'
import { parseShapeList } from './shape-list.ts'
import type { ShapeList } from './shape-warning.ts'
import { readTextFile, type Workspace } from './workspace.ts'

/** The shapes of one file; `not-found` or `invalid` when it cannot be read as text. */
export function shapesOfFile(path: string, displayPath = path): Result<ShapeList> {
  const file = readTextFile(path)
  return file.ok ? ok(parseShapeList(file.value.text, displayPath)) : file
}

/** The shapes of every list in the workspace, each once, lists nearest to the root first. */
export function shapesOfWorkspace(workspace: Workspace): ShapeList {
  const merged: ShapeList = { shapes: [], warnings: [] }
  const seen = new Set<string>()
  for (const { absolute, path } of workspace.filesOf('shapes')) {
    const list = shapesOfFile(absolute, path)
    if (!list.ok) {
      merged.warnings.push({ rule: 'shapes.unreadable', severity: 'warning', path, message: list.error.message })
      continue
    }
    const documentId = workspace.idOf(absolute)
    merged.warnings.push(...list.value.warnings.map((warning) => ({ ...warning, documentId })))
    for (const listed of list.value.shapes) {
      const key = formatShape(listed.shape)
      if (!seen.has(key)) merged.shapes.push(listed)
      seen.add(key)
    }
  }
  return merged
}
