import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from '#contract/error.ts'
import type { Row } from '#contract/row.ts'
import { writeFileAtomic } from './atomic-file.ts'
import { parseRow } from './parse-row.ts'

const pathIn = (stateFolder: string) => join(stateFolder, 'reference-row.json')

/** The row of a workspace that others are held against; null when there is none, or its file is damaged. */
export function readReference(stateFolder: string): Row | null {
  try {
    return parseRow(readFileSync(pathIn(stateFolder), 'utf8'))
  } catch {
    return null
  }
}

/** Keeps a row as the reference, whole; null: there is none. */
export function writeReference(stateFolder: string, row: Row | null): Result<void> {
  return writeFileAtomic(pathIn(stateFolder), `${JSON.stringify(row)}\n`)
}
