import { definitionsOf, readCode } from './code.ts'
import { macroBodiesOf, placesOfMacros } from './macros.ts'
import type { SourceFile } from './mutate.ts'
import { type Part, reachableParts } from './reachable.ts'
import { placeIn, type Token } from './tokens.ts'

/** `file:line` of every line, of what an entry uses, that indexes memory; of a macro the lines that use it. */
export function accessLines(files: readonly SourceFile[], entries: readonly string[]): string[] {
  const read = files.map((file) => ({ path: file.path, code: readCode(file.text) }))
  const placesOf = placesOfMacros(read)
  const parts = read.flatMap(({ path, code }) => [
    ...definitionsOf(code).map((definition) => ({ path, code, definition, macro: null })),
    ...macroBodiesOf(code).map(({ name, ...body }) => ({ path, ...body, macro: name })),
  ])
  const reached = new Set<Part>(entries.flatMap((entry) => [...reachableParts(parts, entry)]))
  const places = new Set<string>()
  for (const part of parts) {
    const { path, code, definition, macro } = part
    if (!reached.has(part) || !definition.body) continue
    for (let i = definition.body.begin; i < definition.body.end; i++) {
      if (!isAccess(code.tokens, i)) continue
      const own =
        macro === null ? [`${path}:${placeIn(code.source, code.tokens[i]?.start ?? 0).line}`] : placesOf(macro)
      for (const place of own) places.add(place)
    }
  }
  return [...places]
}

const noType = new Set(['return', 'else', 'do', 'case'])

/** The name in `name[…]`, unless it is being declared: a type stands before it then. */
function isAccess(tokens: readonly Token[], at: number): boolean {
  if (tokens[at]?.kind !== 'word' || tokens[at + 1]?.text !== '[' || tokens[at + 2]?.text === '[') return false
  const before = tokens[at - 1]
  const isDeclared = before?.kind === 'word' ? !noType.has(before.text) : before?.text === '>'
  // Of `T a[2], b[2]` as well: back to the start of the statement.
  return !isDeclared && !(before?.text === ',' && tokens[at - 2]?.text === ']' && isDeclaredAt(tokens, at - 2))
}

function isDeclaredAt(tokens: readonly Token[], close: number): boolean {
  const open = tokens[close]?.match ?? -1
  return open > 0 && tokens[open - 1]?.kind === 'word' && !isAccess(tokens, open - 1)
}
