import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { repoRoot } from '../host/repo-root.ts'

/** Folder of the MSL library that kernels are read against. */
export const libraryFolder = (): string => process.env.KLAB_SHIM || join(repoRoot(), 'native', 'msl')

const editorFolder = (): string => join(repoRoot(), 'native', 'editor')

/** Writes which file of the library stands for which, and answers where. JSON is YAML. */
export function writeFileOverlay(folder: string): string {
  const library = libraryFolder()
  const file = (name: string, path: string) => ({ type: 'file', name, 'external-contents': path })
  const contents = [
    file('swizzle.h', join(editorFolder(), 'swizzle.h')),
    file('library_swizzle.h', join(library, 'swizzle.h')),
  ]
  const path = join(folder, 'library-overlay.yaml')
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    path,
    JSON.stringify({
      version: 0,
      'case-sensitive': 'true',
      'use-external-names': 'false',
      roots: [{ type: 'directory', name: library, contents }],
    }),
  )
  return path
}

interface Source {
  path: string
  includeRoots: readonly string[]
  fileOverlay: string
}

/** How clangd is told to read a kernel or a header: as C++ over the MSL library, all warnings off. */
export function compileCommand({ path, includeRoots, fileOverlay }: Source): string[] {
  const library = libraryFolder()
  return [
    'clang++',
    ...['-xc++', '-std=c++20', process.arch === 'x64' ? '-march=native' : '-mcpu=native'],
    ...['-Xclang', '-ffloat16-excess-precision=none', '-fsigned-char', '-fno-exceptions', '-fno-rtti'],
    ...['-Wno-everything', '-fdeclspec', '-D__METAL__=1', '-D__METAL_VERSION__=320', '-D__METAL_MACOS__=1'],
    ...['-ivfsoverlay', fileOverlay, `-I${library}`, '-isystem', join(library, 'stub')],
    ...['-include', join(editorFolder(), 'editor.h'), '-iquote', dirname(path)],
    ...includeRoots.map((root) => `-I${root}`),
    ...['-c', path],
  ]
}
