import { positionsIn } from './text-position.ts'

/** Names under which a source's kernels can be asked for, read from the text without compiling. */
export interface TextEntries {
  /** Host names and function names that the text spells out, with their 1-based line. */
  names: Map<string, number>
  /** True when macros make names (`host_name("x" #type)`): a name that is not listed may exist all the same. */
  isOpen: boolean
}

/** Blanks comments, keeping every offset; string literals stay. */
export function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (piece) =>
    piece.startsWith('"') ? piece : piece.replace(/[^\n]/g, ' '),
  )
}

const hostName = /host_name\s*\(\s*((?:"(?:[^"\\\n]|\\.)*"\s*)+)\)/g
const kernelFunction = /\bkernel\b[^;{}()]*?\b(\w+)\s*\(/g

/** Strings blanked, and attributes reduced to `kernel` or blanks: their parentheses must not look like a function's. */
function onlyDeclarations(code: string): string {
  const blanked = code.replace(/"(?:[^"\\\n]|\\.)*"/g, (literal) => ' '.repeat(literal.length))
  return blanked.replace(/\[\[[\s\S]*?\]\]/g, (attribute) => {
    const word = /\bkernel\b/.test(attribute) ? 'kernel' : ''
    return word + attribute.slice(word.length).replace(/[^\n]/g, ' ')
  })
}

/** Entry names of a text. A `[[host_name("…")]]` and the function behind it both count. */
export function entriesInText(text: string): TextEntries {
  const code = withoutComments(text)
  const placeOf = positionsIn(code)
  const names = new Map<string, number>()
  for (const match of code.matchAll(hostName)) {
    const name = Array.from((match[1] ?? '').matchAll(/"((?:[^"\\]|\\.)*)"/g), (piece) => piece[1]).join('')
    if (!names.has(name)) names.set(name, placeOf(match.index).line)
  }
  for (const match of onlyDeclarations(code).matchAll(kernelFunction)) {
    const name = match[1] ?? ''
    if (!names.has(name)) names.set(name, placeOf(match.index).line)
  }
  const literals = Array.from(code.matchAll(hostName)).length
  const mentions = Array.from(code.matchAll(/host_name\s*\(/g)).length
  return { names, isOpen: mentions > literals || /^\s*#\s*define\b.*\\?[\s\S]{0,400}?\bkernel\b[^\n]*##/m.test(code) }
}
