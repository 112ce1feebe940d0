import type { CatalogVariant, Flag, FlagState, FlagStatus } from '#contract/manifest.ts'
import type { TreeNode } from '#contract/workspace.ts'

/** A flag as a column head, and what it says the kernel can do. */
export const flagLabels: Record<Flag, { label: string; meaning: string }> = {
  transposeA: { label: 'A\u1d40', meaning: 'A stored transposed, k × m' },
  transposeB: { label: 'B\u1d40', meaning: 'B stored transposed, n × k' },
  smallK: { label: 'small K', meaning: 'k below 64' },
  smallMN: { label: 'small MN', meaning: 'm or n of at most 16' },
  batch: { label: 'batch', meaning: 'more than one product at once' },
  bias: { label: 'bias', meaning: 'adds a bias of n elements' },
  accumulate: { label: 'accum.', meaning: 'adds onto what C held' },
  activation: { label: 'act.', meaning: 'applies relu, gelu or silu to every output' },
}

/** What each state means for the kernel, in the order in which a flag goes through them. */
export const stateText: Record<FlagState, string> = {
  off: 'The kernel is never asked for such shapes. A click puts it through the gates; the flag turns on only if it passes.',
  claimed:
    'The manifest says yes, but nothing proves it on the chosen device: it was never put through the gates there, or it failed them, or the kernel changed since. A click proves it again.',
  proven:
    'Exactly this kernel passed every gate on the chosen kind of device. A click shows the evidence; an edit of the kernel takes the flag back to claimed.',
}

/** What proving does, for a flag that is not proven. */
export const gatesText =
  'Proving runs the kernel on the listed shapes and on adversarial ones, with three seeds: the error must stay within the derived bound, ±1 data must come out exact, every output must be written and nothing outside the buffers. Then it is watched for races and accesses out of bounds, and the gates themselves are tested: faults are put into the kernel one by one, and every one of them must be noticed.'

/** With a capital letter, unless it begins with a name, and a full stop. */
export function sentence(text: string): string {
  const begin = /^[a-z]+[ ,]/.test(text) ? text.slice(0, 1).toUpperCase() : text.slice(0, 1)
  return `${begin}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}

/** What is known about a flag that is off. */
export function couldBeText({ isTrue, reason, checkedAt }: NonNullable<FlagStatus['couldBe']>): string {
  const when = `${checkedAt.slice(0, 16).replace('T', ' ')} UTC`
  return `${isTrue ? 'Off, but the kernel would earn it' : 'Rightly off'} (asked ${when}): ${sentence(reason)}`
}

/** A state with the kind of device that it is about, where there is one. */
export function stateOn({ state, device }: Pick<FlagStatus, 'state' | 'device'>): string {
  return state === 'proven' ? `proven on ${device}` : state
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

/** Variants whose names hold all the words of a search. */
export function variantsNamed(variants: readonly CatalogVariant[], search: string): readonly CatalogVariant[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return words.length === 0
    ? variants
    : variants.filter(({ id }) => words.every((word) => id.toLowerCase().includes(word)))
}

/** Variants of the same backend together, backends in the manifest's order. */
export function byBackend(variants: readonly CatalogVariant[]): [string, CatalogVariant[]][] {
  return [...Map.groupBy(variants, (variant) => variant.backend)]
}
