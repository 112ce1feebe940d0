import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '../store/atomic-file.ts'
import { tidyJson } from '../store/canonical-json.ts'

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

/** What is counted on a day so far, by every process of this workspace; a damaged file counts as empty. */
export function readTally(stateFolder: string, at: { device: string; day: string }): Tally {
  const known = readAll(stateFolder)[at.device]
  return known?.day === at.day ? known : { day: at.day, comparisons: 0, falseVerdicts: 0 }
}

/** Puts a device's tally in the place of the one before. One that cannot be written is lost: no row depends on it. */
export function writeTally(stateFolder: string, device: string, tally: Tally): void {
  const text = `${tidyJson({ ...readAll(stateFolder), [device]: tally })}\n`
  writeFileAtomic(pathIn(stateFolder), text, { mayBeLost: true })
}
