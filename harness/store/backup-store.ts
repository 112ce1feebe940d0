import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Result } from '#contract/error.ts'
import { ok } from '#contract/error.ts'
import { writeFileAtomicAsync } from './atomic-file.ts'
import { removeLeftovers } from './leftovers.ts'

const backupSchema = z.object({ text: z.string(), baseHash: z.string() })
/** Unsaved text, and the hash of the disk text it was based on. */
export type Backup = z.infer<typeof backupSchema>

/** Unsaved texts of a workspace, one file per document, outside the workspace. One process writes, any may read. */
export class BackupStore {
  private readonly folder: string
  private readonly turns = new Map<string, Promise<unknown>>()

  constructor(stateFolder: string) {
    this.folder = join(stateFolder, 'backups')
  }

  /** The kept text of a document, or null; a damaged file counts as none. */
  read(id: string): Backup | null {
    try {
      const parsed = backupSchema.safeParse(JSON.parse(readFileSync(this.pathOf(id), 'utf8')))
      return parsed.success ? parsed.data : null
    } catch {
      return null
    }
  }

  /** Keeps a document's text; null forgets it. What is asked of one document is done in the order it was asked. */
  write(id: string, backup: Backup | null): Promise<Result<void>> {
    return this.inTurn(id, () => this.replace(id, backup))
  }

  /** Forgets the kept text should it still be this one: with it on disk there is nothing to bring back. */
  forget(id: string, text: string): Promise<Result<void>> {
    return this.inTurn(id, async () => (this.read(id)?.text === text ? this.replace(id, null) : ok(undefined)))
  }

  /** Resolves when everything asked for so far is done. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.turns.values()])
  }

  /** Removes what a writer that was killed left behind. */
  tidy(): void {
    removeLeftovers(this.folder)
  }

  private async replace(id: string, backup: Backup | null): Promise<Result<void>> {
    if (backup) return writeFileAtomicAsync(this.pathOf(id), JSON.stringify(backup))
    await rm(this.pathOf(id), { force: true })
    return ok(undefined)
  }

  private inTurn(id: string, work: () => Promise<Result<void>>): Promise<Result<void>> {
    const done = (this.turns.get(id) ?? Promise.resolve()).then(work, work)
    this.turns.set(id, done)
    const leave = () => void (this.turns.get(id) === done && this.turns.delete(id))
    done.then(leave, leave)
    return done
  }

  /** Ids come from callers: only their letters and digits may name a file, and not more of them than an id has. */
  private pathOf(id: string): string {
    return join(this.folder, `${id.replace(/\W/g, '').slice(0, 64)}.json`)
  }
}
