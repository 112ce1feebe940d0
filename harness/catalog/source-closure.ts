import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
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

/** What may stand between the tokens of a directive. */
const gap = String.raw`(?:[ \t]|\\\r?\n|/\*(?:[^*]|\*(?!/))*\*/)*`
const includePattern = new RegExp(
  String.raw`^${gap}#${gap}(?:include|import)${gap}(?:"([^"\n]+)"|<([^>\n]+)>|(\w+))`,
  'gm',
)
/** A macro whose value could be the name of a computed include. */
const namePattern = new RegExp(String.raw`^${gap}#${gap}define${gap}\w+${gap}(?:"([^"\n]+)"|<([^>\n]+)>)`, 'gm')
const sourceFile = /\.(?:metal|h|hh|hpp|inc|inl)$/i
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

/** What a text names in its includes, in their order, and what a computed one could name. */
function namesIn(from: { path: string; text: string }): { name: string; isQuoted: boolean }[] {
  const nameOf = (match: RegExpMatchArray) => ({ name: match[1] ?? match[2] ?? '', isQuoted: match[1] !== undefined })
  const includes = [...from.text.matchAll(includePattern)]
  const plain = includes.filter((match) => match[3] === undefined).map(nameOf)
  if (plain.length === includes.length) return plain
  const beside = sourcesIn(dirname(from.path)).map((name) => ({ name, isQuoted: true }))
  return [...plain, ...Array.from(from.text.matchAll(namePattern), nameOf), ...beside]
}

function sourcesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => sourceFile.test(name))
      .sort()
  } catch {
    return []
  }
}

/**
 * Every file that a source includes, in the order of first mention. Read as text: a directive behind a condition or in
 * a comment counts too, which may only make the closure larger. `"x"` is looked for beside the including file, then,
 * like `<x>`, in the include roots. `#include NAME` counts as every file that a macro of the file names, and as every
 * source beside it.
 */
export function includeClosure(source: {
  path: string
  text: string
  includeRoots: readonly string[]
}): IncludedFile[] {
  const files: IncludedFile[] = []
  const seen = new Set<string>()
  const visit = (from: { path: string; text: string }) => {
    for (const { name, isQuoted } of namesIn(from)) {
      const folders = isQuoted ? [dirname(from.path), ...source.includeRoots] : source.includeRoots
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

/** Paths of a source and of every file it includes, system headers left out. */
export function includedFiles(source: { path: string; text: string; includeRoots: readonly string[] }): string[] {
  return [source.path, ...includeClosure(source).flatMap(({ path }) => (path ? [path] : []))]
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
