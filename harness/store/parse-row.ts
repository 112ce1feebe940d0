import { type Row, rowSchema } from '#contract/row.ts'

/** A row from its line in a store, marked as read back; null for a line that is damaged or of an older format. */
export function parseRow(line: string): Row | null {
  try {
    const parsed = rowSchema.safeParse(JSON.parse(line))
    return parsed.success ? { ...parsed.data, isCached: true } : null
  } catch {
    return null
  }
}
