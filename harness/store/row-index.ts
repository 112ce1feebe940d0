import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Row } from '#contract/row.ts'
import { parseRow } from './parse-row.ts'

/** A stored row without its samples, of which only their sum is known: all times taken together, ns. */
export interface RowOutline {
  row: Row
  sampledNs: number
}

const lineEnd = 10

type Samples = { samples?: number[] | undefined; iterations?: number | undefined }

function sum({ samples = [], iterations = 0 }: Samples): number {
  return samples.reduce((total, sample) => total + sample * iterations, 0)
}

/** A row without its samples. */
export function outlineOf(row: Row): RowOutline {
  const { kernel, baseline } = row
  const sampledNs = Math.round(sum(kernel ?? {}) + sum(baseline))
  const outline = {
    ...row,
    ...(kernel ? { kernel: { ...kernel, samples: [] } } : {}),
    baseline: { ...baseline, ...(baseline.samples ? { samples: [] } : {}) },
  }
  return { row: outline, sampledNs }
}

/** All rows of a file in outline. What was read stays known: only what was appended since is read again. */
export class RowIndex {
  readonly #path: string
  #file = ''
  #readBytes = 0
  #outlines: RowOutline[] = []

  constructor(path: string) {
    this.#path = path
  }

  /** Oldest first. A last line without an end is still being written, and is left for the next time. */
  read(): readonly RowOutline[] {
    if (!existsSync(this.#path)) return []
    const descriptor = openSync(this.#path, 'r')
    try {
      const { dev, ino, size } = fstatSync(descriptor)
      if (this.#file !== `${dev} ${ino}` || size < this.#readBytes) {
        this.#file = `${dev} ${ino}`
        this.#readBytes = 0
        this.#outlines = []
      }
      const added = Buffer.alloc(size - this.#readBytes)
      const end = readSync(descriptor, added, 0, added.length, this.#readBytes)
      this.#take(added.subarray(0, added.lastIndexOf(lineEnd, end - 1) + 1))
    } finally {
      closeSync(descriptor)
    }
    return this.#outlines
  }

  #take(lines: Buffer): void {
    this.#readBytes += lines.length
    for (let begin = 0; begin < lines.length; ) {
      const end = lines.indexOf(lineEnd, begin)
      const row = parseRow(lines.toString('utf8', begin, end))
      if (row) this.#outlines.push(outlineOf(row))
      begin = end + 1
    }
  }
}
