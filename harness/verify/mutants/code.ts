import { type Token, tokensOf } from './tokens.ts'

/** One file of a kernel, as tokens. */
export interface Code {
  source: string
  tokens: readonly Token[]
}

/** Tokens [begin, end). */
export interface Span {
  begin: number
  end: number
}

/** Something that a file says at its top level, or inside a namespace: a function, a type, a variable, a macro. */
export interface Definition extends Span {
  /** What it can be named by from elsewhere. */
  names: string[]
  /** Its braces, when it is a function or a type. */
  body: Span | null
}

export function readCode(source: string): Code {
  return { source, tokens: tokensOf(source) }
}

/** Source text of tokens [begin, end), as it stands. */
export function textOf({ source, tokens }: Code, { begin, end }: Span): string {
  return end > begin ? source.slice(tokens[begin]?.start, tokens[end - 1]?.end) : ''
}

/** The end of `< … >` that begins at a token: angles are brackets only where the caller knows it. */
function afterAngles(tokens: readonly Token[], at: number): number {
  let depth = 0
  for (let i = at; i < tokens.length; i++) {
    const token = tokens[i] as Token
    if (token.match > i) i = token.match
    else if (token.text === '<') depth++
    else if (token.text === '>' && --depth === 0) return i + 1
    else if (token.text === ';' || token.text === '{') return at
  }
  return at
}

const isTypeWord = (text: string) => ['struct', 'class', 'union', 'enum'].includes(text)

/** Names of a definition: of a function the word before its parameters, and what it is called by the host. */
function namesOf({ tokens }: Code, { begin, end }: Span): string[] {
  const names: string[] = []
  let at = begin
  let last: Token | undefined
  if (tokens[at]?.kind === 'directive') {
    const macro = /^#\s*define\s+(\w+)/.exec(tokens[at]?.text ?? '')
    return macro?.[1] ? [macro[1]] : []
  }
  while (at < end) {
    const token = tokens[at] as Token
    if (token.text === 'template' && tokens[at + 1]?.text === '<') at = Math.max(afterAngles(tokens, at + 1), at + 1)
    else if (token.text === '[' && tokens[at + 1]?.text === '[') {
      for (let i = at; i < token.match; i++) {
        const inside = tokens[i] as Token
        if (inside.kind === 'text') names.push(inside.text.slice(1, -1))
      }
      at = token.match + 1
    } else if (isTypeWord(token.text)) {
      const name = tokens.slice(at + 1, end).find(({ kind, text }) => kind === 'word' && !isTypeWord(text))
      return name ? [...names, name.text] : names
    } else if (token.text === '(' || token.text === '=' || token.text === ';' || token.text === '{') {
      return last ? [...names, last.text] : names
    } else if (token.text === '<' && afterAngles(tokens, at) < end && tokens[afterAngles(tokens, at)]?.text === '(') {
      const name = tokens[at - 1]
      return name ? [...names, name.text] : names
    } else {
      if (token.kind === 'word') last = token
      at++
    }
  }
  return names
}

/** End of what begins at `at`: after its `;`, or after its braces. */
function endOf(tokens: readonly Token[], at: number): { end: number; body: Span | null } {
  for (let i = at; i < tokens.length; i++) {
    const token = tokens[i] as Token
    if (token.kind === 'directive' && i > at) return { end: i, body: null }
    if (token.text === ';') return { end: i + 1, body: null }
    if (token.text === '{') {
      const close = token.match < 0 ? tokens.length : token.match
      const isValue = tokens.slice(at, i).some(({ text }) => text === '=')
      const after = tokens[close + 1]?.text === ';' ? close + 2 : close + 1
      if (isValue) {
        i = close
        continue
      }
      return { end: after, body: { begin: i + 1, end: close } }
    }
    // A macro that stands for a whole definition: NAME(…) without a semicolon.
    if (token.text === '(' && i === at + 1 && token.match > 0 && tokens[token.match + 1]?.text !== '{') {
      const next = tokens[token.match + 1]
      if (/^[A-Z_0-9]+$/.test(tokens[at]?.text ?? ''))
        return { end: token.match + (next?.text === ';' ? 2 : 1), body: null }
    }
    if (token.match > i) i = token.match
  }
  return { end: tokens.length, body: null }
}

/** What a file defines, in its order. */
export function definitionsOf(code: Code, span: Span = { begin: 0, end: code.tokens.length }): Definition[] {
  const { tokens } = code
  const found: Definition[] = []
  for (let at = span.begin; at < span.end; ) {
    const token = tokens[at] as Token
    if (token.kind === 'directive') {
      found.push({ begin: at, end: at + 1, names: namesOf(code, { begin: at, end: at + 1 }), body: null })
      at++
      continue
    }
    const open = tokens.findIndex(({ text }, i) => i >= at && (text === '{' || text === ';'))
    if ((token.text === 'namespace' || token.text === 'extern') && tokens[open]?.text === '{') {
      const close = tokens[open]?.match ?? -1
      const end = close < 0 ? span.end : close
      found.push(...definitionsOf(code, { begin: open + 1, end }))
      at = end + 1
      continue
    }
    const { end, body } = endOf(tokens, at)
    found.push({ begin: at, end, names: namesOf(code, { begin: at, end }), body })
    at = Math.max(end, at + 1)
  }
  return found
}
