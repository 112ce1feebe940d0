import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Sources of the lab by their path in it, each with the beginning of its hash. */
export type SourceHashes = Record<string, string>

/** Where the gates are. */
const gateFolders = ['harness/verify', 'harness/verify/mutants']
/** Beside the gates, and no part of a proof. */
const ofOtherCommands = ['error-distribution', 'legacy-error', 'run-cache', 'run-precision', 'run-verify']

/** What else decides on which shapes a kernel is run, and how. */
const launchSources = {
  contract: ['launch', 'manifest', 'mutant', 'shape'],
  'harness/analyse': ['analyse-dispatch'],
  'harness/catalog': [
    ...['filter', 'formula', 'formula-parse', 'kernel-launches', 'launch-evaluation', 'legacy-families', 'name-gates'],
    ...['name-tokens', 'plan-args', 'plan-launch', 'ranges', 'row-padding', 'scalar-bytes', 'shape-csv', 'shape-list'],
    ...['shape-names', 'shape-text', 'workspace-shapes'],
  ],
}

/** Paths of the sources in a folder, without its tests and what supports them; subfolders are left out. */
export function sourcesIn(folder: string): string[] {
  const isSource = (name: string) => name.endsWith('.ts') && !/(\.test|-fixture)\.ts$/.test(name)
  return readdirSync(folder)
    .filter(isSource)
    .sort()
    .map((name) => join(folder, name))
}

/** Contents alone, so that a source has one hash wherever it lies, and however its lines end there. */
function hashSource(path: string): string {
  const text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n')
  return createHash('sha256').update(text).digest('hex')
}

/** A hash of the names and contents of sources. */
export function hashSources(paths: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(`${path.split(/[\\/]/).at(-1)} ${hashSource(path)}\n`)
  return hash.digest('hex').slice(0, 12)
}

/** What decides the verdict of a proof, in a lab that lies in `root`. */
export function proofSourcesIn(root: string): SourceHashes {
  const gates = gateFolders.flatMap((folder) =>
    sourcesIn(join(root, folder)).map((path) => `${folder}/${path.slice(join(root, folder).length + 1)}`),
  )
  const launch = Object.entries(launchSources).flatMap(([folder, names]) => names.map((name) => `${folder}/${name}.ts`))
  const isOther = (name: string) => ofOtherCommands.some((other) => name === `harness/verify/${other}.ts`)
  const names = [...gates.filter((name) => !isOther(name)), ...launch].sort()
  return Object.fromEntries(names.map((name) => [name, hashSource(join(root, name)).slice(0, 8)]))
}

/** The lab's gates as this process runs them: what passed others is not known to pass these. */
export const proofSources = proofSourcesIn(join(import.meta.dirname, '..', '..'))

const mostNamed = 3

/** What differs between the gates of a proof and those of today: their files; null when nothing does. */
export function changedSources(then: SourceHashes, now: SourceHashes): string | null {
  const all = [...new Set([...Object.keys(then), ...Object.keys(now)])].sort()
  const changed = all.filter((name) => then[name] !== now[name])
  if (changed.length === 0) return null
  const named = changed.slice(0, mostNamed).map((name) => {
    if (!(name in then)) return `${name} is new`
    return name in now ? name : `${name} is gone`
  })
  const more = changed.length > mostNamed ? [`${changed.length - mostNamed} more`] : []
  return `the gates changed (${[...named, ...more].join(', ')})`
}
