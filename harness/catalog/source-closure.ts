import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
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

/** What may stand between the tokens of a directive whose lines are spliced. */
const gap = String.raw`(?:[ \t\v\f]|/\*(?:[^*]|\*(?!/))*\*/)*`
/** Names follow in a lookahead, so that no match hides the next one. */
const includePattern = new RegExp(
  String.raw`#(?=${gap}(include_next|include|import|embed)${gap}(?:"([^"\n]+)"|<([^>\n]+)>|(\S)))`,
  'g',
)
/** A line that could name a file without including it: a macro for a computed include, or a test whether a file exists. */
const namingLine = new RegExp(String.raw`#(?=${gap}(?:define|if|elif)\b([^\n]*))`, 'g')
const anyName = /"(?=([^"\n]+)")|<(?=([^>\n]+)>)/g
const sourceFile = /\.(?:metal|h|hh|hpp|inc|inl)$/i
const maxFiles = 500
const maxBytes = 8 * 2 ** 20

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false

/** The text of a file; of bytes that are none, or too many, what tells them from others. */
function readText(path: string): string {
  try {
    const bytes = readFileSync(path)
    const text = bytes.length <= maxBytes ? bytes.toString('utf8') : ''
    return Buffer.from(text, 'utf8').equals(bytes) ? text : `bytes ${createHash('sha256').update(bytes).digest('hex')}`
  } catch {
    return ''
  }
}

/** Text as the preprocessor takes it apart: one spelling of `#`, of the end of a line, and no line that goes on in the next. */
function spliced(text: string): string {
  return text
    .replaceAll('??/', '\\')
    .replaceAll('??=', '#')
    .replace(/\r\n?/g, '\n')
    .replace(/\\[ \t\v\f]*\n/g, '')
    .replaceAll('%:', '#')
}

/** A file that a text may ask for. */
interface Mention {
  name: string
  isQuoted: boolean
  /** `#include_next`: not the first that is found. */
  isAny: boolean
  /** Not certainly a file: counts only if there is one. */
  isGuess: boolean
}

/** What a text names in its includes, in their order, then what other directives could name; `isOpen` if one is computed. */
function mentionsIn(text: string): { mentions: Mention[]; isOpen: boolean } {
  const code = spliced(text)
  const includes = [...code.matchAll(includePattern)]
  const plain = includes.filter((match) => match[4] === undefined)
  const certain = plain.map(([, word, quoted, angled]) => ({
    name: quoted ?? angled ?? '',
    isQuoted: quoted !== undefined,
    isAny: word === 'include_next',
    isGuess: false,
  }))
  const lines = Array.from(code.matchAll(namingLine), ([, line]) => line ?? '')
  const guesses = lines.flatMap((line) =>
    Array.from(line.matchAll(anyName), ([, quoted, angled]) => guessOf(quoted ?? angled ?? '', true)),
  )
  return { mentions: [...certain, ...guesses], isOpen: plain.length < includes.length }
}

const guessOf = (name: string, isAny: boolean): Mention => ({ name, isQuoted: true, isAny, isGuess: true })

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
 * like `<x>`, in the include roots. `#include NAME` counts as every file that a macro names, and as every source beside
 * it. A file that a condition asks for (`__has_include`), and one that is embedded, count like an included one.
 */
export function includeClosure(source: {
  path: string
  text: string
  includeRoots: readonly string[]
}): IncludedFile[] {
  const files: IncludedFile[] = []
  const seen = new Set<string>()
  const guesses = new Map<string, Mention>()
  const take = (name: string, path: string | null) => {
    const key = path ?? `<${name}>`
    if (seen.has(key) || path === source.path || files.length >= maxFiles) return
    seen.add(key)
    const text = path ? readText(path) : ''
    files.push({ name, path, text })
    if (path) visit({ path, text })
  }
  const visit = (from: { path: string; text: string }) => {
    const { mentions, isOpen } = mentionsIn(from.text)
    for (const guess of mentions.filter(({ isGuess }) => isGuess)) guesses.set(guess.name, guess)
    const beside = isOpen ? sourcesIn(dirname(from.path)).map((name) => guessOf(name, false)) : []
    for (const { name, isQuoted, isAny, isGuess } of isOpen
      ? [...mentions, ...guesses.values(), ...beside]
      : mentions) {
      const folders = isQuoted ? [dirname(from.path), ...source.includeRoots] : source.includeRoots
      const found = folders.map((folder) => resolve(folder, name)).filter(isFile)
      for (const path of isAny ? found : found.slice(0, 1)) take(name, path)
      if (found.length === 0 && !isGuess) take(name, null)
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
