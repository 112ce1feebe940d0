import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { root } from './paths.ts'

const ignored = new Set(['node_modules', 'build', 'out', '.git'])

function* filesUnder(path: string): Generator<string> {
  if (!existsSync(path)) return
  if (statSync(path).isFile()) {
    yield path
    return
  }
  for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory() && ignored.has(entry.name)) continue
    if (entry.isDirectory() || entry.isFile()) yield* filesUnder(join(path, entry.name))
  }
}

/** A hash of the names and contents of everything under some paths of the repository, and of `more`. */
export function fingerprint(paths: string[], more = ''): string {
  const hash = createHash('sha256').update(more)
  for (const path of paths) {
    for (const file of filesUnder(join(root, path))) {
      const content = readFileSync(file)
      hash.update(`\0${relative(root, file)}\0${content.length}\0`).update(content)
    }
  }
  return hash.digest('hex')
}

/** Whether the stamp file holds this fingerprint: what it stands for was built from the same sources. */
export function isStamped(stamp: string, print: string): boolean {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === print
}

/** Writes the stamp file; called only after a build succeeded. */
export function writeStamp(stamp: string, print: string): void {
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, print)
}
