import type { Entry } from '#contract/diagnostic.ts'
import type { CatalogVariant } from '#contract/manifest.ts'
import type { OpenDocument } from '../state/documents-slice.ts'
import type { TargetChoice } from '../state/selection-slice.ts'

export interface TargetOption {
  key: string
  label: string
  choice: TargetChoice
  /** Why it cannot be run; it is then shown, but not choosable. */
  problem?: string
}

export interface TargetGroup {
  label: string
  options: TargetOption[]
}

interface Source {
  variants: readonly CatalogVariant[]
  active: Pick<OpenDocument, 'id' | 'name'> | null
  entries: readonly Entry[]
}

/** One string per choice, for `<select>`. */
export function targetKey(choice: TargetChoice): string {
  return choice.kind === 'variant' ? `variant:${choice.id}` : `entry:${choice.documentId}:${choice.entry}`
}

/** What can be run, the open file first: its entries, its variants, then all other variants by backend. */
export function targetGroups({ variants, active, entries }: Source): TargetGroup[] {
  const own = variants.filter((variant) => active !== null && variant.documentId === active.id)
  const others = variants.filter((variant) => !own.includes(variant))
  const backends = [...new Set(others.map((variant) => variant.backend))]
  const groups: TargetGroup[] = [
    { label: active ? `Variants of ${active.name}` : 'Variants', options: own.map(variantOption) },
    {
      label: active ? `Entries of ${active.name}` : 'Entries',
      options: active ? entries.map((entry) => entryOption(active.id, entry)) : [],
    },
    ...backends.map((backend) => ({
      label: backend,
      options: others.filter((variant) => variant.backend === backend).map(variantOption),
    })),
  ]
  return groups.filter((group) => group.options.length > 0)
}

/** The choice when none was made, or the one made is gone: the first that can be run. */
export function settleTarget(groups: readonly TargetGroup[], chosen: TargetChoice | null): TargetChoice | null {
  const options = groups.flatMap((group) => group.options)
  const key = chosen && targetKey(chosen)
  const kept = options.find((option) => option.key === key)
  return (kept ?? options.find((option) => !option.problem))?.choice ?? null
}

function variantOption(variant: CatalogVariant): TargetOption {
  const choice: TargetChoice = { kind: 'variant', id: variant.id }
  const problem = variant.isRunnable
    ? undefined
    : (variant.unrunnableReason ?? 'The lab does not know how to drive it.')
  return { key: targetKey(choice), label: variant.enabled ? variant.id : `${variant.id} (disabled)`, choice, problem }
}

function entryOption(documentId: string, entry: Entry): TargetOption {
  const choice: TargetChoice = { kind: 'entry', documentId, entry: entry.name }
  return { key: targetKey(choice), label: entry.name, choice }
}
