import type { Row } from '#contract/row.ts'
import type { RowPage, RowQuery } from '#contract/row-query.ts'
import type { SourceText } from '#contract/source-text.ts'
import type { SliceCreator } from './store.ts'

/** Rows asked for at once. */
export const pageSize = 100
/** Pages at hand: what lies far from the window is asked for again when it comes into sight. */
const mostPages = 24
const mostWhole = 200

export type RowChoice = Pick<RowQuery, 'search' | 'outcome' | 'sort' | 'isDescending'>
export type DetailView = 'result' | 'comparison'

/** The list of all stored rows, of which only the part in sight is here, and what rows are held against. */
export interface RowsSlice {
  rowChoice: RowChoice
  /** Rows without samples, by the number of their page. */
  rowPages: Record<number, Row[]>
  /** Rows that meet the choice, of so many kept; null before the first answer. */
  rowCounts: { matching: number; kept: number } | null
  /** Rows with their samples that were asked for, by id. */
  wholeRows: Record<string, Row>
  /** The row that others are held against. */
  referenceRow: Row | null
  /** By sourceHash; null: not kept. */
  sources: Record<string, SourceText | null>
  detailView: DetailView
  chooseRows(patch: Partial<RowChoice>): void
  /** `isFresh`: what other pages held may be elsewhere now. */
  takeRowPage(page: RowPage, isFresh: boolean): void
  keepWholeRows(rows: readonly Row[]): void
  setReferenceRow(row: Row | null): void
  keepSources(asked: readonly string[], found: readonly SourceText[]): void
  setDetailView(view: DetailView): void
}

export const createRowsSlice: SliceCreator<RowsSlice> = (set) => ({
  rowChoice: { search: '', outcome: undefined, sort: 'age', isDescending: false },
  rowPages: {},
  rowCounts: null,
  wholeRows: {},
  referenceRow: null,
  sources: {},
  detailView: 'result',
  chooseRows: (patch) => set((state) => ({ rowChoice: { ...state.rowChoice, ...patch } })),
  takeRowPage: ({ rows, offset, matching, kept }, isFresh) =>
    set((state) => {
      const at = offset / pageSize
      const pages = { ...(isFresh ? {} : state.rowPages), [at]: rows }
      const far = Object.keys(pages).map(Number)
      far.sort((a, b) => Math.abs(a - at) - Math.abs(b - at))
      for (const page of far.slice(mostPages)) delete pages[page]
      return { rowPages: pages, rowCounts: { matching, kept } }
    }),
  keepWholeRows: (rows) =>
    set((state) => {
      const all = Object.entries({ ...state.wholeRows, ...Object.fromEntries(rows.map((row) => [row.id, row])) })
      return { wholeRows: Object.fromEntries(all.slice(-mostWhole)) }
    }),
  setReferenceRow: (referenceRow) => set({ referenceRow }),
  keepSources: (asked, found) =>
    set((state) => {
      const missing = Object.fromEntries(asked.map((hash) => [hash, null]))
      return { sources: { ...state.sources, ...missing, ...Object.fromEntries(found.map((one) => [one.hash, one])) } }
    }),
  setDetailView: (detailView) => set({ detailView }),
})

/** The row at a place of the list; undefined where its page is not at hand. One of this session is shown as new. */
export function rowAt({ rowPages }: Pick<RowsSlice, 'rowPages'>, index: number): Row | undefined {
  return rowPages[Math.floor(index / pageSize)]?.[index % pageSize]
}
