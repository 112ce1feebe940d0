import { type Code, type Definition, type Span, textOf } from './code.ts'

/** A replacement of tokens [begin, end) by a text; of none where begin is end: the text goes before it. */
export interface Edit extends Span {
  text: string
}

/** One place in a file where an operator can put its fault. */
export interface Site {
  /** Token that the fault is named by. */
  at: number
  edits: Edit[]
}

/** What an operator may look at: one function that the kernel uses. */
export interface Scope {
  code: Code
  definition: Definition
  body: Span
  /** Address space of the pointers and arrays that it declares. */
  memory: ReadonlyMap<string, 'device' | 'threadgroup'>
  /** Type of the float variables that it declares: `float4`. */
  floats: ReadonlyMap<string, string>
}

/** A kind of fault that people make, and every place of a function where it could be. */
export interface Operator {
  name: string
  sites(scope: Scope): Site[]
}

const endsDeclarator = new Set([',', ')', ';', '=', '[', '{'])

function declaredMemory({ tokens }: Code, { begin, end }: Span): Scope['memory'] {
  const memory = new Map<string, 'device' | 'threadgroup'>()
  for (let i = begin; i < end; i++) {
    const space = tokens[i]?.text
    if (space !== 'device' && space !== 'threadgroup') continue
    let name = ''
    let at = i + 1
    for (; at < end && !endsDeclarator.has(tokens[at]?.text ?? ''); at++) {
      if (tokens[at]?.kind === 'word') name = tokens[at]?.text ?? ''
    }
    // An array of pointers lies with the thread, whatever they point to.
    const isOfPointers = tokens[at]?.text === '[' && tokens.slice(i, at).some(({ text }) => text === '*')
    if (!isOfPointers && !memory.has(name)) memory.set(name, space)
  }
  return memory
}

function declaredFloats({ tokens }: Code, { begin, end }: Span): Scope['floats'] {
  const floats = new Map<string, string>()
  for (let i = begin; i < end; i++) {
    const type = tokens[i]?.text ?? ''
    if (!/^float[234]?$/.test(type)) continue
    const at = tokens[i + 1]?.text === '*' ? i + 2 : i + 1
    if (tokens[at]?.kind !== 'word') continue
    for (let j = at; j < end; j++) {
      const token = tokens[j]
      if (!token || token.text === ';' || token.text === ')') break
      if (token.match > j) j = token.match
      else if (token.kind === 'word' && (j === at || tokens[j - 1]?.text === ',')) floats.set(token.text, type)
    }
  }
  return floats
}

export function scopeOf(code: Code, definition: Definition): Scope | null {
  const { body } = definition
  if (!body) return null
  const memory = declaredMemory(code, definition)
  const floats = [...declaredFloats(code, definition)].filter(([name]) => !memory.has(name))
  return { code, definition, body, memory, floats: new Map(floats) }
}

/** A site that replaces tokens by a text made from their own. */
export function replacing({ code }: Scope, span: Span, text: (own: string) => string): Site {
  return { at: span.begin, edits: [{ ...span, text: text(textOf(code, span)) }] }
}

/** Index expression of `NAME[…]` at a token, the last one of `NAME[…][…]`; null where there is none. */
export function lastIndex({ tokens }: Code, at: number): { name: string; index: Span; end: number } | null {
  const name = tokens[at]
  if (name?.kind !== 'word' || tokens[at + 1]?.text !== '[') return null
  let open = at + 1
  for (let close = tokens[open]?.match ?? -1; close > open && tokens[close + 1]?.text === '['; ) {
    open = close + 1
    close = tokens[open]?.match ?? -1
  }
  const close = tokens[open]?.match ?? -1
  return close > open + 1 ? { name: name.text, index: { begin: open + 1, end: close }, end: close + 1 } : null
}
