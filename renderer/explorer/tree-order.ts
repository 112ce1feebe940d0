import type { TreeNode } from '#contract/workspace.ts'

export interface TreeRow {
  node: TreeNode
  /** 1 at the root. */
  level: number
  isOpen: boolean
  hasChildren: boolean
}

/** The rows that are seen, top to bottom: folders first, then by name; children of closed folders are left out. */
export function visibleRows(nodes: readonly TreeNode[], closed: ReadonlySet<string>): TreeRow[] {
  const byParent = Map.groupBy(nodes, (node) => node.parentId)
  const below = (parentId: string | null, level: number): TreeRow[] =>
    [...(byParent.get(parentId) ?? [])].sort(inOrder).flatMap((node) => {
      const hasChildren = byParent.has(node.id)
      const isOpen = node.kind === 'folder' && !closed.has(node.id)
      const row = { node, level, isOpen, hasChildren }
      return isOpen ? [row, ...below(node.id, level + 1)] : [row]
    })
  return below(null, 1)
}

function inOrder(a: TreeNode, b: TreeNode): number {
  const byKind = Number(b.kind === 'folder') - Number(a.kind === 'folder')
  return byKind || a.name.localeCompare(b.name, undefined, { numeric: true })
}
