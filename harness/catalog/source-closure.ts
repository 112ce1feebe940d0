import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { sha256 } from '../store/canonical-json.ts'

/** One file that a source includes, directly or not. */
export interface IncludedFile {
  /** As spelled in the directive. */
  name: string
  /** Absolute; null when no folder has it (a system header such as <metal_stdlib>). */
  path: string | null
  text: string
}

const includePattern = /^[ \t]*#[ \t]*(?:include|import)[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/gm
const maxFiles = 500
const maxBytes = 8 * 2 ** 20

function readText(path: string): string | null {
  try {
    const stats = statSync(path)
    return stats.isFile() && stats.size <= maxBytes ? readFileSync(path, 'utf8') : null
  } catch {
    return null
  }
}

/**
 * Every file that a source includes, in the order of first mention. Read as text: a directive behind a condition or in
 * a comment counts too, which may only make the closure larger. `"x"` is looked for beside the including file, then,
 * like `<x>`, in the include roots.
 */
export function includeClosure(source: {
  path: string
  text: string
  includeRoots: readonly string[]
}): IncludedFile[] {
  const files: IncludedFile[] = []
  const seen = new Set<string>()
  const visit = (from: { path: string; text: string }) => {
    for (const match of from.text.matchAll(includePattern)) {
      const name = match[1] ?? match[2] ?? ''
      const folders = match[1] !== undefined ? [dirname(from.path), ...source.includeRoots] : source.includeRoots
      const path = folders.map((folder) => resolve(folder, name)).find((candidate) => existsSync(candidate)) ?? null
      const key = path ?? `<${name}>`
      if (seen.has(key) || path === source.path || files.length >= maxFiles) continue
      seen.add(key)
      const text = path ? (readText(path) ?? '') : ''
      files.push({ name, path, text })
      if (path) visit({ path, text })
    }
  }
  visit(source)
  return files
}

/**
 * Hex SHA-256 of a source and everything it includes: equal for equal texts wherever the workspace lies, different as
 * soon as a byte of any of them changes. Not the hash of the preprocessed text that the native library reports.
 */
export function closureHash(source: { path: string; text: string; includeRoots: readonly string[] }): string {
  const parts = [
    source.text,
    ...includeClosure(source).flatMap(({ name, path, text }) => [name, path ? 'found' : 'system', text]),
  ]
  return sha256(JSON.stringify(parts))
}
