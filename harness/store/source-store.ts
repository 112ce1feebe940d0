import { readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ok, type Result } from '#contract/error.ts'
import type { SourceText } from '#contract/source-text.ts'
import { writeFileAtomic } from './atomic-file.ts'
import { sha256 } from './canonical-json.ts'

/** A source names its files by the hash of their texts: what many sources include is kept once. */
const listingSchema = z.object({ files: z.array(z.object({ name: z.string(), text: z.string() })).min(1) })

const hashPattern = /^[0-9a-f]{8,64}$/

interface Kept {
  path: string
  bytes: number
  usedMs: number
}

/** Texts of the sources that rows were measured of, by the rows' sourceHash. */
export class SourceStore {
  readonly #folder: string
  readonly #maxBytes: number
  /** Sources that this process has seen kept. */
  readonly #known = new Set<string>()
  #bytes: number | null = null

  /** `maxBytes`: once there is more, what was not used for the longest time goes, until half is left. */
  constructor(stateFolder: string, maxBytes = 64 * 2 ** 20) {
    this.#folder = join(stateFolder, 'sources')
    this.#maxBytes = maxBytes
  }

  /** True when a source need not be kept again. */
  knows(hash: string): boolean {
    return this.#known.has(hash)
  }

  /** Keeps the files of a source. One that is kept already only counts as used. Fails with `invalid` on a full disk. */
  keep({ hash, files }: SourceText): Result<void> {
    if (!hashPattern.test(hash)) return ok(undefined)
    const texts = new Map(files.map(({ text }) => [sha256(text), text]))
    const listing = JSON.stringify({ files: files.map(({ name, text }) => ({ name, text: sha256(text) })) })
    for (const [name, data] of [
      ...[...texts].map(([key, text]) => [`${key}.txt`, text] as const),
      [`${hash}.json`, listing] as const,
    ]) {
      const kept = this.#keepFile(join(this.#folder, name), data)
      if (!kept.ok) return kept
    }
    this.#known.add(hash)
    if (this.#total() > this.#maxBytes) this.#prune()
    return ok(undefined)
  }

  /** Sources by their hashes, those of them that are kept whole. */
  find(hashes: readonly string[]): SourceText[] {
    return [...new Set(hashes)].filter((hash) => hashPattern.test(hash)).flatMap((hash) => this.#read(hash) ?? [])
  }

  #read(hash: string): SourceText | null {
    try {
      const { files } = listingSchema.parse(JSON.parse(readFileSync(join(this.#folder, `${hash}.json`), 'utf8')))
      const read = files.map(({ name, text }) => {
        if (!hashPattern.test(text)) throw new Error('damaged')
        return { name, text: readFileSync(join(this.#folder, `${text}.txt`), 'utf8') }
      })
      return { hash, files: read }
    } catch {
      return null
    }
  }

  #keepFile(path: string, data: string): Result<void> {
    const now = new Date()
    if (statSync(path, { throwIfNoEntry: false })) {
      utimesSync(path, now, now)
      return ok(undefined)
    }
    const written = writeFileAtomic(path, data, { mayBeLost: true })
    if (written.ok && this.#bytes !== null) this.#bytes += Buffer.byteLength(data)
    return written
  }

  #files(): Kept[] {
    return readdirSync(this.#folder).flatMap((name) => {
      const path = join(this.#folder, name)
      const stat = statSync(path, { throwIfNoEntry: false })
      return stat ? [{ path, bytes: stat.size, usedMs: stat.mtimeMs }] : []
    })
  }

  #total(): number {
    this.#bytes ??= this.#files().reduce((sum, { bytes }) => sum + bytes, 0)
    return this.#bytes
  }

  #prune(): void {
    const files = this.#files().sort((a, b) => a.usedMs - b.usedMs)
    let left = files.reduce((sum, { bytes }) => sum + bytes, 0)
    for (const { path, bytes } of files) {
      if (left <= this.#maxBytes / 2) break
      rmSync(path, { force: true })
      left -= bytes
    }
    this.#bytes = left
    // What went may be asked to be kept again.
    this.#known.clear()
  }
}
