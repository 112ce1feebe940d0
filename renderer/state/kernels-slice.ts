import type { CatalogVariant, Flag, Problem } from '#contract/manifest.ts'
import type { ListedShape } from '#contract/shape.ts'
import type { Catalog } from '#contract/workspace.ts'
import type { SliceCreator } from './store.ts'

export interface SelectedFlag {
  variant: string
  flag: Flag
}

export interface KernelsSlice {
  manifestId: string | null
  variants: CatalogVariant[]
  shapes: ListedShape[]
  isCatalogStale: boolean
  /** What reading the catalog found. */
  catalogProblems: Problem[]
  /** What the linter found, when it was last asked. */
  lintProblems: Problem[]
  selectedFlag: SelectedFlag | null
  setCatalog(catalog: Catalog): void
  setLintProblems(problems: Problem[]): void
  selectFlag(selected: SelectedFlag | null): void
}

export const createKernelsSlice: SliceCreator<KernelsSlice> = (set) => ({
  manifestId: null,
  variants: [],
  shapes: [],
  isCatalogStale: false,
  catalogProblems: [],
  lintProblems: [],
  selectedFlag: null,
  setCatalog: (catalog) =>
    set({
      manifestId: catalog.manifestId,
      variants: catalog.variants,
      shapes: catalog.shapes,
      isCatalogStale: catalog.isStale,
      catalogProblems: catalog.problems,
    }),
  setLintProblems: (lintProblems) => set({ lintProblems }),
  selectFlag: (selectedFlag) => set({ selectedFlag }),
})

const key = (problem: Problem) => `${problem.rule}\n${problem.path}\n${problem.message}`

/** Both lists as one, each finding once, worst first. */
export function mergeProblems(first: readonly Problem[], second: readonly Problem[]): Problem[] {
  const rank = { error: 0, warning: 1, info: 2 } as const
  const unique = new Map([...first, ...second].map((problem) => [key(problem), problem]))
  return [...unique.values()].sort((a, b) => rank[a.severity] - rank[b.severity])
}
