import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { includeClosure } from '../../catalog/source-closure.ts'
import type { ResolvedKernel } from '../../catalog/types.ts'
import type { MutantSource, SourceFile } from './mutate.ts'

/** The files of a kernel that are no system headers: the kernel, then what it includes, from wherever. */
export function kernelFiles(kernel: ResolvedKernel): SourceFile[] {
  const { path, source, includeRoots } = kernel
  const included = includeClosure({ path, text: source, includeRoots }).flatMap(({ path: own, text }) =>
    own !== null ? [{ path: own, name: relative(dirname(path), own), text }] : [],
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
  files: readonly SourceFile[],
): { kernel: ResolvedKernel; release: () => void } {
  if (mutant.path === kernel.path) return { kernel: { ...kernel, source: mutant.text }, release: () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'klab-mutant-'))
  const base = commonFolder([
    kernel.path,
    ...files.map(({ path }) => path),
    ...kernel.includeRoots.map((root) => join(root, '.x')),
  ])
  const moved = (path: string) => join(folder, relative(base, path))
  // An include that names a file by its absolute path would find the one without the fault.
  const pointed = (text: string) =>
    files.reduce(
      (own, { path }) => own.replaceAll(`"${path}"`, `"${moved(path)}"`).replaceAll(`<${path}>`, `<${moved(path)}>`),
      text,
    )
  for (const { path, text } of files) {
    mkdirSync(dirname(moved(path)), { recursive: true })
    writeFileSync(moved(path), pointed(path === mutant.path ? mutant.text : text))
  }
  const includeRoots = [...kernel.includeRoots.map(moved), ...kernel.includeRoots]
  return {
    kernel: { ...kernel, path: moved(kernel.path), source: pointed(kernel.source), includeRoots },
    release: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The deepest folder that all paths are in. */
function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => dirname(path).split(sep))
  const differs = first.findIndex((part, i) => others.some((other) => other[i] !== part))
  return first.slice(0, differs < 0 ? first.length : differs).join(sep) || sep
}
