import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NativeLibrary } from '../bridge/native-library.ts'
import { hashSources, sourcesIn } from '../catalog/proof-sources.ts'

/** Folders whose sources decide how a kernel is judged, measured and compared. */
const measuringFolders = ['.', '../verify']

// When this process begins: what is edited afterwards is not what it measures by.
const sources = hashSources(measuringFolders.flatMap((folder) => sourcesIn(join(import.meta.dirname, folder))))
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
