import { readFileSync } from 'node:fs'
import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { LabError, Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import type { Problem } from '#contract/manifest.ts'
import { messageOf } from '../store/atomic-file.ts'
import { sha256 } from '../store/canonical-json.ts'
import { keyOffset } from './json-node.ts'
import { readVariants } from './manifest-variants.ts'
import { positionsIn, type TextPosition } from './text-position.ts'
import type { ManifestReading } from './types.ts'

const byteOrderMark = '\uFEFF'

type ManifestError = Extract<LabError, { kind: 'manifest' }>

function manifestError(path: string, at: { text: string; offset: number; what: string }): ManifestError {
  const position = positionsIn(at.text)(at.offset)
  return {
    kind: 'manifest',
    message: `${path}, line ${position.line}, column ${position.column}: ${at.what}`,
    path,
    ...position,
  }
}

/** Offset of the comma that a closing bracket follows, when that is what is wrong; else null. */
function trailingComma(text: string, offset: number): number | null {
  if (!/[}\]]/.test(text[offset] ?? '')) return null
  const before = text.slice(0, offset).trimEnd()
  return before.endsWith(',') ? before.length - 1 : null
}

function syntaxError(path: string, text: string, error: ParseError): ManifestError {
  const comma = trailingComma(text, error.offset)
  if (comma !== null) {
    return manifestError(path, {
      text,
      offset: comma,
      what: `comma before '${text[error.offset]}': remove it, JSON allows none there`,
    })
  }
  const words = printParseErrorCode(error.error)
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
  const found = text.slice(error.offset, error.offset + 20).split(/[\r\n]/)[0] ?? ''
  return manifestError(path, {
    text,
    offset: error.offset,
    what: `${words}${found ? ` at '${found}'` : ' at the end of the file'}`,
  })
}

/** A manifest's syntax tree; `text` is without its byte order mark, offsets count from there. */
export function parseManifestTree(path: string, text: string): Result<Node> {
  const errors: ParseError[] = []
  const tree = parseTree(text, errors, { allowTrailingComma: false, disallowComments: true })
  const first = errors[0]
  if (first) return fail(syntaxError(path, text, first))
  if (tree?.type !== 'object') {
    return fail(
      manifestError(path, {
        text,
        offset: tree?.offset ?? 0,
        what: 'a manifest is an object { "<backend>": [variant, …] }',
      }),
    )
  }
  return ok(tree)
}

function duplicateKeys(tree: Node, at: { path: string; placeOf: (offset: number) => TextPosition }): Problem[] {
  const problems: Problem[] = []
  const visit = (node: Node) => {
    const seen = new Set<string>()
    for (const child of node.type === 'object' ? (node.children ?? []) : []) {
      const key = child.children?.[0]
      if (!key) continue
      if (seen.has(key.value)) {
        const message = `key "${key.value}" is given twice in one object; only the last counts`
        problems.push({
          rule: 'manifest.duplicate-key',
          severity: 'error',
          path: at.path,
          message,
          ...at.placeOf(key.offset),
        })
      }
      seen.add(key.value)
    }
    for (const child of node.children ?? []) visit(child)
  }
  visit(tree)
  return problems
}

/**
 * Reads a manifest's text. Fails with `manifest` and the position when it is not JSON; entries that do not fit the
 * format are named in `problems` and left out, the rest is read.
 */
export function parseManifest(path: string, source: { text: string; hash: string }): Result<ManifestReading> {
  const text = source.text.startsWith(byteOrderMark) ? source.text.slice(1) : source.text
  const tree = parseManifestTree(path, text)
  if (!tree.ok) return tree
  const placeOf = positionsIn(text)
  const positionOf = (jsonPath: (string | number)[]) => placeOf(keyOffset(tree.value, jsonPath))
  const read = readVariants(getNodeValue(tree.value) as Record<string, unknown>, positionOf)
  return ok({
    path,
    hash: source.hash,
    text: source.text,
    variants: read.variants,
    invalid: read.invalid,
    problems: [...duplicateKeys(tree.value, { path, placeOf }), ...read.problems],
    positionOf,
  })
}

/** Every run asks for the manifest several times, and reading a large one costs as much as measuring a small shape. */
let lastRead: ManifestReading | null = null

/** Reads a manifest from disk; `not-found` when there is none, `manifest` when it cannot be read. */
export function readManifest(path: string): Result<ManifestReading> {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    return fail({ kind: 'not-found', message: `cannot read the manifest ${path}: ${messageOf(error)}` })
  }
  try {
    const hash = sha256(bytes)
    if (lastRead?.path === path && lastRead.hash === hash) return ok(lastRead)
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const reading = parseManifest(path, { text, hash })
    if (reading.ok) lastRead = reading.value
    return reading
  } catch {
    return fail({ kind: 'manifest', message: `${path} is not UTF-8 text`, path })
  }
}

/** A manifest that is read again whenever its bytes change, and that remembers what it last held when it breaks. */
export class ManifestSource {
  private lastGood: ManifestReading | null = null

  /** `stale` is set when the file cannot be read now; `reading` is then its last good state, if there was one. */
  read(path: string): { reading: ManifestReading | null; stale: LabError | null } {
    const result = readManifest(path)
    if (result.ok) {
      this.lastGood = result.value
      return { reading: result.value, stale: null }
    }
    return { reading: this.lastGood?.path === path ? this.lastGood : null, stale: result.error }
  }
}
