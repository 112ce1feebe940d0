import type { CatalogVariant } from '#contract/manifest.ts'
import type { Mutant, MutantOutcome } from '#contract/mutant.ts'
import type { TreeNode } from '#contract/workspace.ts'

const rank: Record<MutantOutcome, number> = { survived: 0, untested: 1, rejected: 2, equivalent: 3 }

/** What went unnoticed first, then what was not tested, then by place. */
export function mutantOrder(a: Mutant, b: Mutant): number {
  return (
    rank[a.outcome] - rank[b.outcome] ||
    (a.file ?? '').localeCompare(b.file ?? '') ||
    a.line - b.line ||
    a.id.localeCompare(b.id)
  )
}

/** `24 faults: 1 untested, 21 noticed, 2 equivalent`. */
export function mutantsText(mutants: readonly Mutant[]): string {
  const count = (outcome: MutantOutcome) => mutants.filter((mutant) => mutant.outcome === outcome).length
  const [rejected, equivalent, survived] = [count('rejected'), count('equivalent'), count('survived')]
  const untested = count('untested')
  const parts = [
    survived > 0 && `${survived} unnoticed`,
    untested > 0 && `${untested} untested`,
    `${rejected} noticed`,
    equivalent > 0 && `${equivalent} equivalent`,
  ].filter(Boolean)
  return `${mutants.length === 1 ? '1 fault' : `${mutants.length} faults`}: ${parts.join(', ')}`
}

/** The document in which a fault was put: the kernel's own, or one that it includes. */
export function mutantDocument(
  { file }: Pick<Mutant, 'file'>,
  { documentId }: Pick<CatalogVariant, 'documentId'>,
  nodes: readonly TreeNode[],
): string | undefined {
  if (!file) return documentId
  const kernel = nodes.find(({ id }) => id === documentId)
  if (!kernel) return undefined
  const path = [...kernel.path.split('/').slice(0, -1)]
  for (const part of file.split('/')) {
    if (part === '..') path.pop()
    else if (part !== '.') path.push(part)
  }
  return nodes.find((node) => node.path === path.join('/'))?.id
}
