import { lab } from '../client/lab.ts'
import { pageSize, type RowChoice } from '../state/rows-slice.ts'
import { useLab } from '../state/store.ts'
import { reportError } from './report-error.ts'

/** While rows come in quickly, the list follows them so often. */
const refreshMs = 400
const typingMs = 150

/** Places of the list that are in sight. */
let sight = { begin: 0, end: 0 }
const asked = new Set<number>()
/** Answers to what was asked under an older choice, or before rows came, are dropped. */
let era = 0
let timer: ReturnType<typeof setTimeout> | null = null
let refreshedAt = Number.NEGATIVE_INFINITY

async function askPage(page: number, isFresh: boolean): Promise<boolean> {
  const begun = era
  asked.add(page)
  const { rowChoice } = useLab.getState()
  const result = await lab().request('rows.page', { ...rowChoice, offset: page * pageSize, limit: pageSize })
  if (begun !== era) return false
  asked.delete(page)
  if (result.ok) useLab.getState().takeRowPage(result.value, isFresh)
  else reportError(result.error)
  return result.ok
}

const pagesIn = ({ begin, end }: typeof sight): number[] => {
  const first = Math.floor(begin / pageSize)
  const last = Math.floor(Math.max(begin, end - 1) / pageSize)
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}

/** Tells which places of the list are in sight; pages of them that are not at hand are asked for. */
export function showRows(next: { begin: number; end: number }): void {
  sight = next
  const { rowPages, rowCounts } = useLab.getState()
  if (!rowCounts) return
  for (const page of pagesIn(sight)) if (!rowPages[page] && !asked.has(page)) void askPage(page, false)
}

/** Asks anew for what is in sight; what is shown stays until the answer is there. */
export async function refreshRows(): Promise<void> {
  if (timer !== null) clearTimeout(timer)
  timer = null
  refreshedAt = performance.now()
  era += 1
  asked.clear()
  const [first = 0, ...others] = pagesIn(sight)
  if (!(await askPage(first, true))) return
  await Promise.all(others.filter((page) => !asked.has(page)).map((page) => askPage(page, false)))
}

/** At once, or a while after the last time. */
export function refreshRowsSoon(): void {
  timer ??= setTimeout(() => void refreshRows(), Math.max(0, refreshedAt + refreshMs - performance.now()))
}

/** Lists other rows, or the same in another order. */
export function chooseRows(patch: Partial<RowChoice>): void {
  useLab.getState().chooseRows(patch)
  sight = { begin: 0, end: sight.end - sight.begin }
  if (timer !== null) clearTimeout(timer)
  timer = setTimeout(() => void refreshRows(), patch.search === undefined ? 0 : typingMs)
}

/** Asks for a row with its samples, unless it is at hand. */
export async function fetchWholeRow(id: string): Promise<void> {
  const { rows, wholeRows } = useLab.getState()
  if (wholeRows[id] || rows.some((row) => row.id === id)) return
  const result = await lab().request('rows.get', { ids: [id] })
  if (result.ok) useLab.getState().keepWholeRows(result.value.rows)
  else reportError(result.error)
}
