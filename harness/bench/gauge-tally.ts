import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ok } from '#contract/error.ts'
import { writeFileAtomic } from '../store/atomic-file.ts'
import { tidyJson } from '../store/canonical-json.ts'
import { withFileLock } from '../store/file-lock.ts'

const tallySchema = z.object({
  day: z.string(),
  comparisons: z.number().int().min(0),
  falseVerdicts: z.number().int().min(0),
})

/** A/A comparisons of a device on one day (UTC), and how many of them called a difference that was not there. */
export type Tally = z.infer<typeof tallySchema>

const fileSchema = z.record(z.string(), tallySchema)

const pathIn = (stateFolder: string) => join(stateFolder, 'gauge.json')

function readAll(stateFolder: string): Record<string, Tally> {
  try {
    const parsed = fileSchema.safeParse(JSON.parse(readFileSync(pathIn(stateFolder), 'utf8')))
    return parsed.success ? parsed.data : {}
  } catch {
    return {}
  }
}

function tallyOf(stateFolder: string, at: { device: string; day: string }): Tally {
  const known = readAll(stateFolder)[at.device]
  return known?.day === at.day ? known : { day: at.day, comparisons: 0, falseVerdicts: 0 }
}

/**
 * Counts one more comparison, of every process of this workspace, and whether it called a difference; null: it could not
 * have. Answers what is counted on the day so far. A damaged file counts as empty, and one that cannot be written is
 * lost: no row depends on it.
 */
export function addToTally(stateFolder: string, at: { device: string; day: string }, called: boolean | null): Tally {
  if (called === null) return tallyOf(stateFolder, at)
  const path = pathIn(stateFolder)
  const add = (): Tally => {
    const { day, comparisons, falseVerdicts } = tallyOf(stateFolder, at)
    return { day, comparisons: comparisons + 1, falseVerdicts: falseVerdicts + Number(called) }
  }
  const added = withFileLock(path, () => {
    const tally = add()
    const text = `${tidyJson({ ...readAll(stateFolder), [at.device]: tally })}\n`
    writeFileAtomic(path, text, { mayBeLost: true })
    return ok(tally)
  })
  return added.ok ? added.value : add()
}
