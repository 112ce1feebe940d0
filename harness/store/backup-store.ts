import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Result } from '#contract/error.ts'
import { ok } from '#contract/error.ts'
import { writeFileAtomic } from './atomic-file.ts'

const backupSchema = z.object({ text: z.string(), baseHash: z.string() })
/** Unsaved text, and the hash of the disk text it was based on. */
export type Backup = z.infer<typeof backupSchema>

/** Unsaved texts of a workspace, one file per document, outside the workspace. */
export class BackupStore {
  private readonly folder: string

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

  /** Keeps a document's text; null forgets it. */
  write(id: string, backup: Backup | null): Result<void> {
    if (backup) return writeFileAtomic(this.pathOf(id), JSON.stringify(backup))
    rmSync(this.pathOf(id), { force: true })
    return ok(undefined)
  }

  /** Ids come from callers: only their letters and digits may name a file. */
  private pathOf(id: string): string {
    return join(this.folder, `${id.replace(/\W/g, '')}.json`)
  }
}
