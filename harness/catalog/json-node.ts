import { findNodeAtLocation, type Node } from 'jsonc-parser'

function step(node: Node, key: string | number): Node | undefined {
  if (typeof key === 'number') return findNodeAtLocation(node, [key])
  return node.children?.findLast((child) => child.type === 'property' && child.children?.[0]?.value === key)
    ?.children?.[1]
}

/** Value at a JSON path, or null. Of a key given twice it is the last one's, as JSON.parse has it. */
export function nodeAt(tree: Node, path: (string | number)[]): Node | null {
  let node: Node | undefined = tree
  for (const key of path) node = node && step(node, key)
  return node ?? null
}

/** Offset of what a JSON path names (a member's key, an element's start), or of its nearest existing ancestor. */
export function keyOffset(tree: Node, path: (string | number)[]): number {
  let node = tree
  for (const key of path) {
    const next = step(node, key)
    if (!next) break
    node = next
  }
  return node.parent?.type === 'property' ? (node.parent.children?.[0]?.offset ?? node.offset) : node.offset
}
