import type { Diagnostic, Entry } from '#contract/diagnostic.ts'
import type { TreeNode, Workspace } from '#contract/workspace.ts'
import type { SliceCreator } from './store.ts'

/** A document with a tab. Its text lives in the editor's model, not here. */
export interface OpenDocument {
  id: string
  name: string
  path: string
  kind: TreeNode['kind']
  /** Hash of the disk text that the model was last equal to. */
  baseHash: string
  isDirty: boolean
  /** The disk holds something else than what this document is based on. */
  isConflicted: boolean
  /** The text of baseHash is not known: this document's text came from a backup, and the disk changed since. */
  isBaseLost?: boolean
  /** The disk has no such file any more; the text is only here. */
  isMissing?: boolean
}

export interface Caret {
  line: number
  column: number
}

export interface DocumentsSlice {
  workspace: Workspace | null
  open: OpenDocument[]
  activeId: string | null
  caret: Caret | null
  diagnostics: Record<string, Diagnostic[]>
  entries: Record<string, Entry[]>
  setWorkspace(workspace: Workspace): void
  addDocument(document: OpenDocument): void
  removeDocument(id: string): void
  activateDocument(id: string): void
  patchDocument(id: string, patch: Partial<Omit<OpenDocument, 'id'>>): void
  setCaret(caret: Caret | null): void
  setCompiled(id: string, diagnostics: Diagnostic[], entries: Entry[] | null): void
}

export const createDocumentsSlice: SliceCreator<DocumentsSlice> = (set) => ({
  workspace: null,
  open: [],
  activeId: null,
  caret: null,
  diagnostics: {},
  entries: {},
  setWorkspace: (workspace) =>
    set((state) => {
      const ids = new Set(workspace.nodes.map((node) => node.id))
      return { workspace, open: state.open.map((document) => ({ ...document, isMissing: !ids.has(document.id) })) }
    }),
  addDocument: (document) =>
    set((state) => ({
      open: state.open.some((other) => other.id === document.id) ? state.open : [...state.open, document],
    })),
  removeDocument: (id) =>
    set((state) => {
      const index = state.open.findIndex((document) => document.id === id)
      const open = state.open.filter((document) => document.id !== id)
      const neighbour = open[Math.min(index, open.length - 1)]
      const { [id]: _gone, ...diagnostics } = state.diagnostics
      return { open, diagnostics, activeId: state.activeId === id ? (neighbour?.id ?? null) : state.activeId }
    }),
  activateDocument: (id) => set((state) => (state.activeId === id ? state : { activeId: id, caret: null })),
  patchDocument: (id, patch) =>
    set((state) => ({
      open: state.open.map((document) => (document.id === id ? { ...document, ...patch } : document)),
    })),
  setCaret: (caret) => set({ caret }),
  setCompiled: (id, diagnostics, entries) =>
    set((state) => ({
      diagnostics: { ...state.diagnostics, [id]: diagnostics },
      entries: entries ? { ...state.entries, [id]: entries } : state.entries,
    })),
})
