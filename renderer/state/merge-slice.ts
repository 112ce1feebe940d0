import type { SliceCreator } from './store.ts'

export const mergeChoices = ['theirs', 'mine', 'both'] as const
export type MergeChoice = (typeof mergeChoices)[number]

/** One place where the disk and the editor disagree. Texts are what the result would hold there; null: nothing. */
export interface MergeConflict {
  id: string
  /** For people: a line of the result at the beginning, or a variant and its key. */
  label: string
  /** Of a manifest: the way to the value, members of lists by name. */
  path?: (string | { name: string })[]
  base: string | null
  theirs: string | null
  mine: string | null
  /** Null until someone decided. */
  choice: MergeChoice | null
}

/** A merge under way: what the disk holds beside what was typed here. The result is an editor's text, not here. */
export interface MergeView {
  documentId: string
  kind: 'lines' | 'keys'
  /** Of the disk's text that is merged. */
  theirsHash: string
  conflicts: MergeConflict[]
  /** Changes of one side alone, all of them in the result. */
  theirChanges: number
  myChanges: number
  /** False when what both began with is not known, so that every difference is a question. */
  hasBase: boolean
  isSaving: boolean
}

export interface MergeSlice {
  /** By document. */
  merges: Record<string, MergeView>
  beginMerge(merge: MergeView): void
  decideConflict(documentId: string, conflictId: string, choice: MergeChoice): void
  markMergeSaving(documentId: string, isSaving: boolean): void
  endMerge(documentId: string): void
}

export const createMergeSlice: SliceCreator<MergeSlice> = (set) => {
  const patch = (documentId: string, change: (merge: MergeView) => Partial<MergeView>) =>
    set((state) => {
      const merge = state.merges[documentId]
      return merge ? { merges: { ...state.merges, [documentId]: { ...merge, ...change(merge) } } } : state
    })
  return {
    merges: {},
    beginMerge: (merge) => set((state) => ({ merges: { ...state.merges, [merge.documentId]: merge } })),
    decideConflict: (documentId, conflictId, choice) =>
      patch(documentId, ({ conflicts }) => ({
        conflicts: conflicts.map((conflict) => (conflict.id === conflictId ? { ...conflict, choice } : conflict)),
      })),
    markMergeSaving: (documentId, isSaving) => patch(documentId, () => ({ isSaving })),
    endMerge: (documentId) =>
      set((state) => {
        const { [documentId]: _ended, ...merges } = state.merges
        return { merges }
      }),
  }
}
