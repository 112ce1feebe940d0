import type { Code, Definition } from './code.ts'

/** A definition with the file that it is in. */
export interface Part {
  code: Code
  definition: Definition
}

function wordsOf({ code, definition }: Part): Set<string> {
  const words = new Set<string>()
  for (let i = definition.begin; i < definition.end; i++) {
    const token = code.tokens[i]
    if (token?.kind === 'word') words.add(token.text)
    else if (token?.kind === 'directive') for (const [word] of token.text.matchAll(/[A-Za-z_]\w*/g)) words.add(word)
  }
  return words
}

/**
 * The parts that an entry can use: those it names, those they name, and so on. An entry that is spelled nowhere (its name
 * is made by a macro) can use all of them. Read as text: too many rather than too few.
 */
export function reachableParts(parts: readonly Part[], entry: string): Set<Part> {
  const byName = new Map<string, Part[]>()
  for (const part of parts) {
    for (const name of part.definition.names) byName.set(name, [...(byName.get(name) ?? []), part])
  }
  if (!byName.has(entry)) return new Set(parts)
  const reached = new Set<Part>()
  const open = [entry]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const part of byName.get(name) ?? []) {
      if (reached.has(part)) continue
      reached.add(part)
      open.push(...wordsOf(part))
    }
  }
  return reached
}
