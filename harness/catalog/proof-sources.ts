import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where the gates are. */
const gateFolders = ['../verify', '../verify/mutants']

/** What else decides on which shapes a kernel is run, and how. */
const launchSources = [
  'filter',
  'formula',
  'formula-parse',
  'launch-evaluation',
  'legacy-families',
  'name-gates',
  'name-tokens',
  'plan-args',
  'plan-launch',
  'ranges',
  'row-padding',
  'scalar-bytes',
  'shape-names',
]

/** Paths of the sources in a folder, without its tests and what supports them; subfolders are left out. */
export function sourcesIn(folder: string): string[] {
  const isSource = (name: string) => name.endsWith('.ts') && !/(\.test|-fixture)\.ts$/.test(name)
  return readdirSync(folder)
    .filter(isSource)
    .sort()
    .map((name) => join(folder, name))
}

/** A hash of the names and contents of sources. */
export function hashSources(paths: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of paths) {
    const content = readFileSync(path)
    hash.update(`\0${path.split(/[\\/]/).at(-1)}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex').slice(0, 12)
}

const here = import.meta.dirname

/** A hash of the lab's gates as this process runs them: what passed others is not known to pass these. */
export const proofSources = hashSources([
  ...gateFolders.flatMap((folder) => sourcesIn(join(here, folder))),
  ...launchSources.map((name) => join(here, `${name}.ts`)),
])
