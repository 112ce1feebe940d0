import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import { type Row, rowSchema } from '#contract/row.ts'
import { messageOf, writeFileAtomic } from './atomic-file.ts'

/** Result rows of a workspace, one JSON object per line, oldest first. */
export class RowStore {
  private readonly path: string
  private readonly capacity: number
  private lineCount: number | null = null

  /** `capacity`: how many rows are kept; older ones go once there are twice as many. */
  constructor(stateFolder: string, capacity = 5000) {
    this.path = join(stateFolder, 'rows.jsonl')
    this.capacity = capacity
  }

  /** Appends a row. Fails with `invalid` when the state folder cannot be written. */
  append(row: Row): Result<void> {
    try {
      mkdirSync(dirname(this.path), { recursive: true })
      const known = this.lineCount ?? this.lines().length
      appendFileSync(this.path, `${this.endsInMidLine() ? '\n' : ''}${JSON.stringify(row)}\n`)
      this.lineCount = known + 1
      return this.lineCount > 2 * this.capacity ? this.compact() : ok(undefined)
    } catch (error) {
      return fail({ kind: 'invalid', message: `cannot keep the row in ${this.path}: ${messageOf(error)}` })
    }
  }

  /** The newest rows first, each marked as read back. Lines that are damaged or of an older format are left out. */
  list(limit: number): Row[] {
    const rows: Row[] = []
    for (const line of this.lines().reverse()) {
      if (rows.length >= limit) break
      const row = parseRow(line)
      if (row) rows.push({ ...row, isCached: true })
    }
    return rows
  }

  private compact(): Result<void> {
    const kept = this.lines().slice(-this.capacity)
    this.lineCount = kept.length
    return writeFileAtomic(this.path, kept.map((line) => `${line}\n`).join(''))
  }

  private read(): string {
    try {
      return readFileSync(this.path, 'utf8')
    } catch {
      return ''
    }
  }

  private lines(): string[] {
    return this.read()
      .split('\n')
      .filter((line) => line !== '')
  }

  /** A process that died while appending leaves half a line, which must not swallow the next row. */
  private endsInMidLine(): boolean {
    if (this.lineCount !== null) return false
    const text = this.read()
    return text !== '' && !text.endsWith('\n')
  }
}

function parseRow(line: string): Row | null {
  try {
    const parsed = rowSchema.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
