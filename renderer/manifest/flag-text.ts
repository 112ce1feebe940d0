import type { CatalogVariant, Flag, FlagState, FlagStatus } from '#contract/manifest.ts'
import type { TreeNode } from '#contract/workspace.ts'

/** A flag as a column head. */
export const flagLabels: Record<Flag, { label: string; hint: string }> = {
  transposeA: { label: 'A\u1d40', hint: 'transposeA: A stored transposed, k × m' },
  transposeB: { label: 'B\u1d40', hint: 'transposeB: B stored transposed, n × k' },
  smallK: { label: 'small K', hint: 'smallK: k below 64' },
  smallMN: { label: 'small MN', hint: 'smallMN: m or n of at most 16' },
  batch: { label: 'batch', hint: 'batch: more than one product at once' },
  bias: { label: 'bias', hint: 'bias: adds a bias of n elements' },
  accumulate: { label: 'accum.', hint: 'accumulate: adds onto what C held' },
}

/** What a click on a flag in that state does. */
export const clickText: Record<FlagState, string> = {
  off: 'prove it and turn it on',
  claimed: 'prove it again',
  proven: 'show its evidence',
}

/** Three states as a tri-state checkbox says them. */
export const checkedOf: Record<FlagState, boolean | 'mixed'> = { off: false, claimed: 'mixed', proven: true }

export function flagOf(variant: CatalogVariant, flag: Flag): FlagStatus | undefined {
  return variant.flags.find((status) => status.flag === flag)
}

/** The evidence file of a variant among the workspace's files. */
export function evidenceNode(
  nodes: readonly TreeNode[],
  variant: Pick<CatalogVariant, 'backend' | 'name'>,
): TreeNode | undefined {
  const tail = `evidence/${variant.backend}/${variant.name}.json`
  return nodes.find((node) => node.path === tail || node.path.endsWith(`/${tail}`))
}

/** Variants of the same backend together, backends in the manifest's order. */
export function byBackend(variants: readonly CatalogVariant[]): [string, CatalogVariant[]][] {
  return [...Map.groupBy(variants, (variant) => variant.backend)]
}
