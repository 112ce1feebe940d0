import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NativeLibrary } from '../bridge/native-library.ts'

/** Folders whose sources decide how a kernel is judged, measured and compared. */
const measuringFolders = ['.', '../verify']

/** A hash of the names and contents of the sources in some folders, their tests and subfolders left out. */
export function hashSources(folders: readonly string[]): string {
  const hash = createHash('sha256')
  for (const folder of folders) {
    const names = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    for (const name of names.sort()) {
      const content = readFileSync(join(folder, name))
      hash.update(`\0${name}\0${content.length}\0`).update(content)
    }
  }
  return hash.digest('hex').slice(0, 12)
}

// When this process begins: what is edited afterwards is not what it measures by.
const sources = hashSources(measuringFolders.map((folder) => join(import.meta.dirname, folder)))
const libraries = new Map<string, string>()

/**
 * What a process measures by, as part of a row's identity: a hash of the lab's judging, measuring and comparing sources,
 * and one of the native library that runs, times and holds the baseline. A row of another protocol is another measurement.
 */
export function measuringProtocol({ path }: Pick<NativeLibrary, 'path'>): string {
  const known = libraries.get(path) ?? createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12)
  libraries.set(path, known)
  return `${sources} ${known}`
}
