import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folder of this checkout. Found by walking up, because a shell's bundle lies elsewhere than this file does; a
 * throw means that the lab is not complete.
 */
export function repoRoot(): string {
  const starts = [dirname(fileURLToPath(import.meta.url)), process.cwd()]
  for (const start of starts) {
    for (let folder = start; ; folder = dirname(folder)) {
      if (existsSync(join(folder, 'harness', 'host', 'main.ts'))) return folder
      if (folder === dirname(folder)) break
    }
  }
  throw new Error(`harness/host/main.ts was found neither above ${starts.join(' nor above ')}`)
}

/** The Node that runs kernel hosts: the pinned one, else the one running now (which must run TypeScript itself). */
export function hostNode(root: string): string {
  const pinned = join(root, 'node_modules', 'node', 'bin', 'node')
  return existsSync(pinned) ? pinned : process.execPath
}
