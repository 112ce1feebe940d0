import { fail, ok, type Result } from '#contract/error.ts'
import { cellsOf, separator } from './kernel-counts.ts'

/** What a kernel's header says of an entry, whatever it is run on. */
export interface EntryRow {
  entry: string
  /** 1-based line of the file. */
  line: number
  /** Threads of a threadgroup, and the bytes of threadgroup memory that it has in all: formulas over the shape. */
  threads: string
  threadgroupBytes: string
}

const head = /^entry(?: \((\w+)…\))?$/

interface Columns {
  prefix: string
  threads: number
  bytes: number
}

function readHead(cells: string[], line: number): Result<Columns> {
  const columns = { threads: cells.indexOf('threads'), bytes: cells.indexOf('threadgroup bytes') }
  if (columns.threads < 0 || columns.bytes < 0)
    return fail({ kind: 'invalid', message: `line ${line}: a table of entries needs threads, threadgroup bytes` })
  return ok({ prefix: head.exec(cells[0] ?? '')?.[1] ?? '', ...columns })
}

/**
 * The rows of the tables of entries in a kernel's comments: each begins with a head `| entry (PREFIX…) | … |`, which has
 * the columns `threads` and `threadgroup bytes`, and ends at the first line that is no row. `invalid` names the line
 * that does not fit.
 */
export function parseEntryTables(text: string): Result<EntryRow[]> {
  const rows: EntryRow[] = []
  let columns: Columns | null = null
  for (const [at, line] of text.split('\n').entries()) {
    const cells = cellsOf(line)
    if (!cells) columns = null
    else if (head.test(cells[0] ?? '')) {
      const read = readHead(cells, at + 1)
      if (!read.ok) return read
      columns = read.value
    } else if (columns && !cells.every((cell) => separator.test(cell))) {
      const { prefix, threads, bytes } = columns
      const [entry, ofThreads, ofBytes] = [cells[0], cells[threads], cells[bytes]]
      if (!entry || !ofThreads || !ofBytes)
        return fail({
          kind: 'invalid',
          message: `line ${at + 1}: a row without its entry, threads or threadgroup bytes`,
        })
      rows.push({ entry: prefix + entry, line: at + 1, threads: ofThreads, threadgroupBytes: ofBytes })
    }
  }
  return ok(rows)
}
