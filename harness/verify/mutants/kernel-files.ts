import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { includeClosure } from '../../catalog/source-closure.ts'
import type { ResolvedKernel } from '../../catalog/types.ts'
import { insideRoot } from '../../catalog/workspace-scan.ts'
import type { MutantSource, SourceFile } from './mutate.ts'

/** The files of a kernel that are its author's own: the kernel, then what it includes from the workspace. */
export function kernelFiles(kernel: ResolvedKernel, root: string): SourceFile[] {
  const { path, source, includeRoots } = kernel
  const included = includeClosure({ path, text: source, includeRoots }).flatMap(({ path: own, text }) =>
    own !== null && insideRoot(root, own) ? [{ path: own, name: relative(dirname(path), own), text }] : [],
  )
  return [{ path, text: source }, ...included]
}

/**
 * A kernel with a fault in it, ready to be compiled. A faulty header lies in a copy of the kernel's files, because an
 * include is looked for on disk; `release` removes it.
 */
export function kernelWith(
  kernel: ResolvedKernel,
  mutant: Pick<MutantSource, 'path' | 'text'>,
  workspace: { root: string; files: readonly SourceFile[] },
): { kernel: ResolvedKernel; release: () => void } {
  if (mutant.path === kernel.path) return { kernel: { ...kernel, source: mutant.text }, release: () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'klab-mutant-'))
  const moved = (path: string) => join(folder, relative(workspace.root, path))
  for (const { path, text } of workspace.files) {
    mkdirSync(dirname(moved(path)), { recursive: true })
    writeFileSync(moved(path), path === mutant.path ? mutant.text : text)
  }
  const includeRoots = [...kernel.includeRoots.map(moved), ...kernel.includeRoots]
  return {
    kernel: { ...kernel, path: moved(kernel.path), includeRoots },
    release: () => rmSync(folder, { recursive: true, force: true }),
  }
}
