/** Spaces of the same length: line ends, and with them every position, stay. */
const blank = (text: string) => text.replace(/[^\r\n]/g, ' ')

// No attribute holds another's beginning or the end of a statement: one that is not closed yet must not swallow the text.
const attribute = /\[\[(?:(?!\[\[)[^;{}])*?\]\]/g
const instantiation = /\btemplate(?:\s*\[\[(?:(?!\[\[)[^;{}])*?\]\])+[^;{}]*;/g

interface Stretch {
  begin: number
  end: number
}

const stretches = (text: string, pattern: RegExp): Stretch[] =>
  [...text.matchAll(pattern)].map(({ index, 0: { length } }) => ({ begin: index, end: index + length }))

/**
 * A kernel's text as clangd can read it, of equal length, so that every position means the same in both: without
 * attributes, which C++ does not know, and without explicit instantiations, for compiling eight of them takes most of a
 * second at every key.
 */
export function overlay(text: string): string {
  return text.replace(instantiation, blank).replace(attribute, blank)
}

/** Explicit instantiations of a text, whose names clangd does not see: offsets of each word, by what it says. */
export function instantiatedNames(text: string): { word: string; begin: number }[] {
  return stretches(text, instantiation).flatMap(({ begin, end }) =>
    [...text.slice(begin, end).matchAll(/"[^"]*"|[A-Za-z_]\w*/g)].map(({ index, 0: word }) => ({
      word,
      begin: begin + index,
    })),
  )
}

/** Where a name of an explicit instantiation is declared in the same text, outside of all brackets; null: not here. */
export function declarationOf(text: string, name: string): number | null {
  const code = overlay(text).replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"/g, blank)
  let depth = 0
  for (const { index, 0: found } of code.matchAll(/[{}()]|[A-Za-z_]\w*/g)) {
    if (found === '{' || found === '(') depth++
    else if (found === '}' || found === ')') depth--
    else if (depth === 0 && found === name) return index
  }
  return null
}

/** Attributes of a text: where each stands, brackets included. */
export function attributesIn(text: string): Stretch[] {
  return stretches(text, attribute)
}

/** Whether an offset is inside an attribute, closed or still being written. */
export function isInAttribute(text: string, offset: number): boolean {
  const open = text.lastIndexOf('[[', offset - 1)
  return open >= 0 && open + 2 <= offset && !/\]\]|[;{}]/.test(text.slice(open + 2, offset))
}
