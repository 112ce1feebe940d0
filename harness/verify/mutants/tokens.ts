/** A token of kernel source. Comments and white space are none. */
export interface Token {
  kind: 'word' | 'number' | 'text' | 'sign' | 'directive'
  text: string
  /** Offsets in the source. */
  start: number
  end: number
  /** Index of the partner of a bracket, -1 where there is none. */
  match: number
}

// A directive takes its continued lines with it; signs of several characters only where an operator needs to see them whole.
const pattern =
  /(?<gap>(?:\s|\\\r?\n)+|\/\/(?:\\\r?\n|[^\n])*|\/\*[\s\S]*?(?:\*\/|$))|(?<directive>(?:#|%:)(?:\\\r?\n|\/\*[\s\S]*?\*\/|(?!\/\/)[^\n])*)|(?<word>[A-Za-z_]\w*)|(?<number>\.?\d(?:[eEpP][+-]|[\w.'])*)|(?<text>"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)|(?<sign>[+\-*/%&|^]=|<=|>=|==|!=|&&|\|\||\+\+|--|->|::|[\s\S])/gy

const partners: Record<string, string> = { ')': '(', ']': '[', '}': '{' }

/** In a macro `#` is an operator. */
const macroPattern = new RegExp(pattern.source.replace('(?<directive>', '(?<directive>(?!)'), pattern.flags)

/** Splits source into tokens and pairs its brackets. Never fails: what starts nothing known is a sign. */
export function tokensOf(source: string): Token[] {
  return split(source, pattern)
}

/** Tokens of what a `#define` stands for, which begins `at` characters into the directive; offsets are the file's. */
export function tokensOfMacro(directive: Token, at: number): Token[] {
  const shift = directive.start + at
  const own = split(directive.text.slice(at), macroPattern)
  return own.map((token) => ({ ...token, start: token.start + shift, end: token.end + shift }))
}

function split(source: string, by: RegExp): Token[] {
  const tokens: Token[] = []
  const open: number[] = []
  for (const found of source.matchAll(by)) {
    const { gap, directive, word, number, text } = found.groups ?? {}
    if (gap !== undefined) continue
    const kind = directive ? 'directive' : word ? 'word' : number ? 'number' : text ? 'text' : 'sign'
    const token: Token = { kind, text: found[0], start: found.index, end: found.index + found[0].length, match: -1 }
    const at = tokens.push(token) - 1
    if (kind !== 'sign') continue
    if ('([{'.includes(token.text)) open.push(at)
    else if (partners[token.text]) pair(tokens, { open, at })
  }
  return tokens
}

function pair(tokens: Token[], { open, at }: { open: number[]; at: number }): void {
  const wanted = partners[tokens[at]?.text ?? '']
  const depth = open.findLastIndex((index) => tokens[index]?.text === wanted)
  if (depth < 0) return
  const [partner] = open.splice(depth)
  if (partner === undefined) return
  ;(tokens[partner] as Token).match = at
  ;(tokens[at] as Token).match = partner
}

/** Line and column (1-based) of an offset. */
export function placeIn(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}
