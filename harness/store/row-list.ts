import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Row } from '#contract/row.ts'
import { deviceTime } from '#contract/row-bars.ts'
import type { RowPage, RowQuery, RowSort } from '#contract/row-query.ts'
import { parseRow } from './parse-row.ts'
import { outlineOf } from './row-index.ts'

/** What a list is searched and sorted by, and where in the file the row is. */
interface RowEntry {
  offset: number
  bytes: number
  words: string
  outcomes: string
  variant: string
  /** NaN where the row has none. */
  figures: Record<Exclude<RowSort, 'variant'>, number>
}

const lineEnd = 10
const chunkBytes = 4 * 2 ** 20
/** So long at most is anything else kept waiting while a long file is read. */
const sliceMs = 10

function entryOf(row: Row, place: { offset: number; bytes: number }): RowEntry {
  const { m, n, k, batch, act, bias, dtype } = row.shape
  const shape = `${m}×${n}×${k} ${m}x${n}x${k}${batch > 1 ? ` ×${batch}` : ''} ${dtype}${bias ? ' bias' : ''} ${act === 'none' ? '' : act}`
  const { variant, status, verdict, device, identity } = row
  const none = Number.NaN
  return {
    ...place,
    variant,
    words: `${variant} ${shape} ${device} ${identity.tier} ${status} ${verdict ?? ''}`.toLowerCase(),
    outcomes: verdict && status === 'ok' ? `ok ${verdict}` : status,
    figures: {
      age: Date.parse(row.startedAt),
      ratio: row.ratio?.value ?? none,
      kernel: deviceTime(row.kernel)?.ns ?? none,
      baseline: deviceTime(row.baseline)?.ns ?? none,
      roof: row.kernel?.roofFraction ?? none,
      bound: row.error?.bound ?? none,
    },
  }
}

/** All rows of a file as a list that is searched, sorted and leafed through. Only what was appended since is read again. */
export class RowList {
  readonly #path: string
  #file = ''
  #readBytes = 0
  #entries: RowEntry[] = []
  #reading: Promise<void> = Promise.resolve()
  #last: { key: string; count: number; order: number[] } | null = null

  constructor(path: string) {
    this.#path = path
  }

  /** A part of the rows that meet a query, marked as read back. */
  async page(query: RowQuery): Promise<RowPage> {
    this.#reading = this.#reading.then(() => this.#readOn())
    await this.#reading
    const order = this.#orderOf(query)
    const places = order.slice(query.offset, query.offset + query.limit).map((at) => this.#entries[at] as RowEntry)
    return { rows: this.#rowsAt(places), offset: query.offset, matching: order.length, kept: this.#entries.length }
  }

  /** Asked for page by page, a list is put in order once. */
  #orderOf({ search, outcome, sort, isDescending }: RowQuery): number[] {
    const key = JSON.stringify([this.#file, search, outcome, sort, isDescending])
    if (this.#last?.key === key && this.#last.count === this.#entries.length) return this.#last.order
    const wanted = search.toLowerCase().split(/\s+/).filter(Boolean)
    const isWanted = ({ words, outcomes }: RowEntry) =>
      wanted.every((word) => words.includes(word)) && (!outcome || outcomes.split(' ').includes(outcome))
    const order = [...this.#entries.keys()].filter((at) => isWanted(this.#entries[at] as RowEntry))
    order.sort(comparing(this.#entries, sort, isDescending))
    this.#last = { key, count: this.#entries.length, order }
    return order
  }

  #rowsAt(places: readonly RowEntry[]): Row[] {
    if (places.length === 0 || !existsSync(this.#path)) return []
    const descriptor = openSync(this.#path, 'r')
    try {
      return places.flatMap(({ offset, bytes }) => {
        const line = Buffer.alloc(bytes)
        readSync(descriptor, line, 0, bytes, offset)
        const row = parseRow(line.toString('utf8'))
        return row ? [outlineOf(row).row] : []
      })
    } finally {
      closeSync(descriptor)
    }
  }

  async #readOn(): Promise<void> {
    if (!existsSync(this.#path)) return
    const descriptor = openSync(this.#path, 'r')
    try {
      const { dev, ino, size } = fstatSync(descriptor)
      if (this.#file !== `${dev} ${ino}` || size < this.#readBytes) {
        this.#file = `${dev} ${ino}`
        this.#readBytes = 0
        this.#entries = []
      }
      while (this.#readBytes < size) {
        const taken = await this.#take(descriptor, Math.min(chunkBytes, size - this.#readBytes))
        if (taken === 0) break
      }
    } finally {
      closeSync(descriptor)
    }
  }

  /** Reads whole lines, and answers how many bytes these were; 0 where the last line is still being written. */
  async #take(descriptor: number, bytes: number): Promise<number> {
    const start = this.#readBytes
    let chunk = Buffer.alloc(bytes)
    readSync(descriptor, chunk, 0, bytes, start)
    let end = chunk.lastIndexOf(lineEnd) + 1
    // A line longer than a chunk.
    for (let more = bytes; end === 0 && start + chunk.length < fstatSync(descriptor).size; more *= 2) {
      chunk = Buffer.alloc(chunk.length + more)
      const read = readSync(descriptor, chunk, 0, chunk.length, start)
      chunk = chunk.subarray(0, read)
      end = chunk.lastIndexOf(lineEnd) + 1
    }
    let sliceEnds = performance.now() + sliceMs
    for (let begin = 0; begin < end; ) {
      const lineEnds = chunk.indexOf(lineEnd, begin)
      const row = parseRow(chunk.toString('utf8', begin, lineEnds))
      if (row) this.#entries.push(entryOf(row, { offset: start + begin, bytes: lineEnds - begin }))
      begin = lineEnds + 1
      if (performance.now() < sliceEnds) continue
      await nextTurn()
      sliceEnds = performance.now() + sliceMs
    }
    this.#readBytes = start + end
    return end
  }
}

/** Rows without the figure come last either way; of equal ones the newer first. */
function comparing(entries: readonly RowEntry[], sort: RowSort, isDescending: boolean) {
  const at = (index: number) => entries[index] as RowEntry
  const newerFirst = (a: number, b: number) => at(b).figures.age - at(a).figures.age || b - a
  const sign = isDescending ? -1 : 1
  if (sort === 'variant') {
    const by = (a: RowEntry, b: RowEntry) => (a.variant < b.variant ? -1 : a.variant > b.variant ? 1 : 0)
    return (a: number, b: number) => sign * by(at(a), at(b)) || newerFirst(a, b)
  }
  // The least age is the newest row.
  if (sort === 'age') return (a: number, b: number) => sign * newerFirst(a, b)
  return (a: number, b: number) => {
    const [x, y] = [at(a).figures[sort], at(b).figures[sort]]
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || newerFirst(a, b)
    return sign * (x - y) || newerFirst(a, b)
  }
}
