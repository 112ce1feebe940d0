import { readdirSync, readFileSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fail, ok, type Result } from '#contract/error.ts'
import type { CodeLocation } from '#contract/language.ts'
import type { Workspace } from '../catalog/workspace.ts'
import { libraryFolder } from './compile-command.ts'
import { fromLsp, type LspRange } from './text-lines.ts'

const libraryPrefix = 'msl:'
/** How the library's file of that name is called where the editor's own stands for it. */
const renamed: Record<string, string> = { 'library_swizzle.h': 'swizzle.h' }

/** Whether an id is one of the Metal library's. */
export const isLibraryId = (id: string): boolean => id.startsWith(libraryPrefix)

/** Id of a header of the Metal library; null for any other path. */
function libraryIdOf(path: string): string | null {
  const inside = relative(libraryFolder(), path)
  if (inside.startsWith('..') || isAbsolute(inside)) return null
  const name = inside.split(sep).join('/')
  return libraryPrefix + (renamed[name] ?? name)
}

/** Text of a header of the Metal library. Only what lies in its folder has an id. */
export function readLibrary(id: string): Result<{ name: string; text: string }> {
  const name = id.slice(libraryPrefix.length)
  const known = readdirSync(libraryFolder(), { recursive: true, encoding: 'utf8' }).map((path) =>
    path.split(sep).join('/'),
  )
  if (!isLibraryId(id) || !known.includes(name))
    return fail({ kind: 'not-found', message: `the Metal library has no file ${name}` })
  try {
    return ok({ name, text: readFileSync(join(libraryFolder(), name), 'utf8') })
  } catch {
    return fail({ kind: 'not-found', message: `${name} of the Metal library cannot be read` })
  }
}

/** Where clangd says something is; null for what lies neither in the workspace nor in the Metal library. */
export function locationOf(workspace: Workspace, at: { uri: string; range: LspRange }): CodeLocation | null {
  if (!at.uri.startsWith('file:')) return null
  const path = fileURLToPath(at.uri)
  const range = fromLsp(at.range)
  const libraryId = libraryIdOf(path)
  if (libraryId !== null) return { documentId: libraryId, range, isLibrary: true }
  const documentId = workspace.idOf(path)
  const found = workspace.pathOf(documentId)
  return found.ok ? { documentId, range, isLibrary: false } : null
}
