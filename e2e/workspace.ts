import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const repository = join(import.meta.dirname, '..')

/** A copy of the repository's kernels and manifests that a journey may spoil. */
export interface TestWorkspace {
  root: string
  read(path: string): string
  write(path: string, text: string): void
  remove(): void
}

export function copyWorkspace(): TestWorkspace {
  const folder = mkdtempSync(join(tmpdir(), 'klab-e2e-'))
  const root = join(folder, 'workspace')
  for (const name of ['kernels', 'manifests']) cpSync(join(repository, name), join(root, name), { recursive: true })
  return {
    root,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    write: (path, text) => writeFileSync(join(root, path), text),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}
