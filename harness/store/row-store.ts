import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import type { Row } from '#contract/row.ts'
import type { RowPage, RowQuery } from '#contract/row-query.ts'
import { messageOf, writeFileAtomic } from './atomic-file.ts'
import { parseRow } from './parse-row.ts'
import { RowIndex, type RowOutline } from './row-index.ts'
import { RowList } from './row-list.ts'

const chunkBytes = 64 * 1024
const lineEnd = 10

/** Result rows of a workspace, one JSON object per line, oldest first. */
export class RowStore {
  private readonly path: string
  private readonly maxBytes: number
  private readonly index: RowIndex
  private readonly all: RowList

  /**
   * `maxBytes`: once the file is larger, only its newest half is kept. A row with its samples has up to 16 KB, and a sweep of
   * thousands of pairs must be there whole when it is resumed.
   */
  constructor(stateFolder: string, maxBytes = 128 * 2 ** 20) {
    this.path = join(stateFolder, 'rows.jsonl')
    this.maxBytes = maxBytes
    this.index = new RowIndex(this.path)
    this.all = new RowList(this.path)
  }

  /** Appends a row. Fails with `invalid` when the state folder cannot be written. */
  append(row: Row): Result<void> {
    try {
      mkdirSync(dirname(this.path), { recursive: true })
      // A process that died while appending left half a line, which must not swallow this row.
      const start = this.endsInMidLine() ? '\n' : ''
      appendFileSync(this.path, `${start}${JSON.stringify(row)}\n`)
      return statSync(this.path).size > this.maxBytes ? this.compact() : ok(undefined)
    } catch (error) {
      return fail({ kind: 'invalid', message: `cannot keep the row in ${this.path}: ${messageOf(error)}` })
    }
  }

  /** The newest rows first, each marked as read back. Lines that are damaged or of an older format are left out. */
  list(limit: number): Row[] {
    const rows: Row[] = []
    for (const row of limit > 0 ? this.newestFirst() : []) {
      rows.push(row)
      if (rows.length >= limit) break
    }
    return rows
  }

  /** Rows by id, those of them that are kept, marked as read back. */
  find(ids: readonly string[]): Row[] {
    const wanted = new Set(ids)
    const rows: Row[] = []
    for (const row of wanted.size > 0 ? this.newestFirst((line) => mentions(line, wanted)) : []) {
      if (wanted.delete(row.id)) rows.push(row)
      if (wanted.size === 0) break
    }
    return rows
  }

  /** A part of the rows that meet a query. The first call reads every row, a while of other work at a time. */
  page(query: RowQuery): Promise<RowPage> {
    return this.all.page(query)
  }

  /** Every row without its samples, the oldest first. Quick after the first time. */
  outlines(): readonly RowOutline[] {
    return this.index.read()
  }

  /** Rows one by one, the newest first, marked as read back; of lines that `isWanted` refuses nothing is parsed. */
  *newestFirst(isWanted: (line: string) => boolean = () => true): Generator<Row> {
    if (!existsSync(this.path)) return
    const descriptor = openSync(this.path, 'r')
    try {
      for (const line of linesFromEnd(descriptor)) {
        const row = isWanted(line) ? parseRow(line) : null
        if (row) yield row
      }
    } finally {
      closeSync(descriptor)
    }
  }

  private compact(): Result<void> {
    const bytes = readFileSync(this.path)
    const half = bytes.length - Math.floor(this.maxBytes / 2)
    return writeFileAtomic(this.path, bytes.subarray(bytes.indexOf(lineEnd, half - 1) + 1))
  }

  private endsInMidLine(): boolean {
    if (!existsSync(this.path)) return false
    const descriptor = openSync(this.path, 'r')
    try {
      const last = Buffer.alloc(1)
      const { size } = fstatSync(descriptor)
      return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== lineEnd
    } finally {
      closeSync(descriptor)
    }
  }
}

/** Lines of a file, the last first, without reading more of it than they take. */
function* linesFromEnd(descriptor: number): Generator<string> {
  let rest: Buffer = Buffer.alloc(0)
  for (let end = fstatSync(descriptor).size; end > 0; ) {
    const start = Math.max(0, end - chunkBytes)
    const chunk = Buffer.alloc(end - start)
    readSync(descriptor, chunk, 0, chunk.length, start)
    end = start
    rest = Buffer.concat([chunk, rest])
    for (let at = rest.lastIndexOf(lineEnd); at >= 0; at = rest.lastIndexOf(lineEnd)) {
      const line = rest.toString('utf8', at + 1)
      rest = rest.subarray(0, at)
      if (line !== '') yield line
    }
  }
  if (rest.length > 0) yield rest.toString('utf8')
}

/** A row's line begins with its id. */
function mentions(line: string, ids: ReadonlySet<string>): boolean {
  const [, id] = /^\{"id":"([^"]+)"/.exec(line) ?? []
  return id === undefined || ids.has(id)
}
