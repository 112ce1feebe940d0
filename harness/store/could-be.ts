import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Result } from '#contract/error.ts'
import { writeFileAtomic } from './atomic-file.ts'
import { tidyJson } from './canonical-json.ts'

const foundSchema = z.object({
  sourceHash: z.string(),
  entryHash: z.string(),
  /** Kind of the device. */
  device: z.string(),
  compiler: z.string(),
  isTrue: z.boolean(),
  reason: z.string(),
  checkedAt: z.string(),
  /** A bench found it, and no proof. */
  isBench: z.boolean().optional(),
})

/** What a proof that wrote no evidence, or a bench, said of a flag, and of what. */
export type CouldBe = z.infer<typeof foundSchema>

const fileSchema = z.record(z.string(), foundSchema)

const pathIn = (stateFolder: string) => join(stateFolder, 'could-be.json')
const keyOf = ({ variant, flag, device }: { variant: string; flag: string; device: string }) =>
  `${variant} ${flag} ${device}`

function readAll(stateFolder: string): Record<string, CouldBe> {
  try {
    const parsed = fileSchema.safeParse(JSON.parse(readFileSync(pathIn(stateFolder), 'utf8')))
    return parsed.success ? parsed.data : {}
  } catch {
    return {}
  }
}

/** What is known of flags that were not proven. It is no evidence: it lies with the rows, and a damaged file counts as empty. */
export function readCouldBe(
  stateFolder: string,
): (flag: { variant: string; flag: string; device: string }) => CouldBe | undefined {
  const all = readAll(stateFolder)
  return (flag) => all[keyOf(flag)]
}

/** Adds what was found, in the place of what was known before. */
export function writeCouldBe(
  stateFolder: string,
  found: readonly { variant: string; flag: string; is: CouldBe }[],
): Result<void> {
  const added = Object.fromEntries(found.map(({ is, ...flag }) => [keyOf({ ...flag, device: is.device }), is]))
  return writeFileAtomic(pathIn(stateFolder), `${tidyJson({ ...readAll(stateFolder), ...added })}\n`)
}
