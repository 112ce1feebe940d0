import type { Row } from '#contract/row.ts'
import { pageSize } from '../state/rows-slice.ts'

/** Where a row is in the list, as far as its pages are at hand; null where it is not among them. */
export function placeOf(pages: Readonly<Record<number, readonly Row[]>>, id: string | null): number | null {
  for (const [page, rows] of Object.entries(pages)) {
    const at = rows.findIndex((row) => row.id === id)
    if (at >= 0) return Number(page) * pageSize + at
  }
  return null
}
