import type { Code, Span } from './code.ts'
import type { Token } from './tokens.ts'

/** Tokens of a body by what they belong to. `at` is the token that begins it. */
export interface Statement extends Span {
  at: number
}

/** `for (init; condition; step) body` */
export interface Loop {
  at: number
  init: Span
  condition: Span
  step: Span
  body: Span
}

/** A relation `left < right` inside a condition. */
export interface Relation {
  sign: number
  left: Span
  right: Span
}

const opensStatement = new Set([';', '{', '}', ')', 'else', 'do'])

/** First token behind a statement that begins at `at`: behind its `;` or its braces. */
export function afterStatement(tokens: readonly Token[], at: number): number {
  for (let i = at; i < tokens.length; i++) {
    const token = tokens[i] as Token
    if (token.text === '{' && i === at) return token.match + 1
    if (token.text === ';') return i + 1
    if (token.text === '}') return i
    if (token.match > i) {
      // The body of what `(…)` belongs to is part of the statement.
      const isHead = ['for', 'if', 'while', 'switch'].includes(tokens[i - 1]?.text ?? '')
      if (isHead && token.text === '(') return afterStatement(tokens, token.match + 1)
      i = token.match
    }
  }
  return tokens.length
}

/** Statements that end in `;` and are no loop, condition or declaration of several words before their first sign. */
export function statementsIn({ tokens }: Code, body: Span): Statement[] {
  const found: Statement[] = []
  for (let i = body.begin; i < body.end; i++) {
    const before = tokens[i - 1]
    if (before && i > body.begin && !opensStatement.has(before.text)) continue
    if (before?.text === ')' && !isHeadEnd(tokens, i - 1)) continue
    if (tokens[i]?.kind !== 'word' && tokens[i]?.text !== '*' && tokens[i]?.text !== '(') continue
    if (/^(?:for|if|while|switch|do|else|return|break|continue|case|default|using)$/.test(tokens[i]?.text ?? ''))
      continue
    const end = afterStatement(tokens, i)
    if (tokens[end - 1]?.text === ';' && isPlain(tokens, i, end)) found.push({ at: i, begin: i, end: end - 1 })
  }
  return found
}

function isHeadEnd(tokens: readonly Token[], at: number): boolean {
  const open = tokens[at]?.match ?? -1
  return open > 0 && ['for', 'if', 'while'].includes(tokens[open - 1]?.text ?? '')
}

/** Neither the head of a `for`, whose parts end in `;` too, nor anything with braces. */
function isPlain(tokens: readonly Token[], begin: number, end: number): boolean {
  for (let i = begin; i < end; i++) {
    const token = tokens[i] as Token
    if (token.text === '{') return false
    if (token.match > i && token.match >= end) return false
  }
  for (let i = begin - 1, depth = 0; i >= 0 && i > begin - 64; i--) {
    const { text, match } = tokens[i] as Token
    if (text === '{' || text === '}') break
    if (text === ')' && match >= 0) i = match
    else if (text === '(' && depth === 0) return false
  }
  return true
}

export function loopsIn({ tokens }: Code, body: Span): Loop[] {
  const found: Loop[] = []
  for (let i = body.begin; i < body.end; i++) {
    const open = i + 1
    if (tokens[i]?.text !== 'for' || tokens[open]?.text !== '(') continue
    const close = tokens[open]?.match ?? -1
    const cuts = []
    for (let j = open + 1; j < close; j++) {
      const token = tokens[j] as Token
      if (token.text === ';') cuts.push(j)
      else if (token.match > j) j = token.match
    }
    const [first, second] = cuts
    if (first === undefined || second === undefined) continue
    found.push({
      at: i,
      init: { begin: open + 1, end: first },
      condition: { begin: first + 1, end: second },
      step: { begin: second + 1, end: close },
      body: { begin: close + 1, end: afterStatement(tokens, close + 1) },
    })
  }
  return found
}

/** `while (condition) body`: the loop that it would be as a `for`, for each statement of the body that might be its step. */
function whileLoopsIn(code: Code, body: Span): Loop[] {
  const { tokens } = code
  const found: Loop[] = []
  for (let i = body.begin; i < body.end; i++) {
    const close = tokens[i + 1]?.match ?? -1
    if (tokens[i]?.text !== 'while' || tokens[i + 1]?.text !== '(' || close < 0) continue
    const inner = { begin: close + 1, end: afterStatement(tokens, close + 1) }
    if (tokens[inner.begin]?.text === ';') continue
    const braced = tokens[inner.begin]?.text === '{' ? { begin: inner.begin + 1, end: inner.end - 1 } : inner
    const nothing = { begin: i, end: i }
    for (const step of statementsIn(code, braced))
      found.push({ at: i, init: nothing, condition: { begin: i + 2, end: close }, step, body: inner })
  }
  return found
}

/** Loops of both kinds. */
export function allLoopsIn(code: Code, body: Span): Loop[] {
  return [...loopsIn(code, body), ...whileLoopsIn(code, body)]
}

/** Parts of tokens [begin, end) between commas. */
export function partsOf({ tokens }: Code, { begin, end }: Span): Span[] {
  const parts: Span[] = []
  let start = begin
  for (let i = begin; i < end; i++) {
    const token = tokens[i] as Token
    if (token.match > i) i = token.match
    else if (token.text === ',') {
      parts.push({ begin: start, end: i })
      start = i + 1
    }
  }
  return [...parts, { begin: start, end }]
}

const relationSigns = new Set(['<', '<=', '>', '>='])
/** What a loop may go on by. */
export const loopSigns: ReadonlySet<string> = new Set([...relationSigns, '!='])
const bounds = new Set(['&&', '||', '?', ':', ',', '=', ';', 'return', '==', '!='])
/** Words before `<` that make it a template's. */
const templateWords =
  /^(?:static_cast|reinterpret_cast|const_cast|as_type|vec|matrix|simdgroup_matrix|template|array|metal|\w+_t)$/

/** Relations between tokens [begin, end), also inside parentheses; `!=` is none unless it is asked for. */
export function relationsIn(
  { tokens }: Code,
  { begin, end }: Span,
  signs: ReadonlySet<string> = relationSigns,
): Relation[] {
  const found: Relation[] = []
  for (let i = begin; i < end; i++) {
    if (!signs.has(tokens[i]?.text ?? '') || templateWords.test(tokens[i - 1]?.text ?? '')) continue
    const left = { begin: edge(tokens, i, { begin, end, step: -1 }), end: i }
    const right = { begin: i + 1, end: edge(tokens, i, { begin, end, step: 1 }) }
    if (left.begin < left.end && right.begin < right.end) found.push({ sign: i, left, right })
  }
  return found
}

/** How far the operand beside a sign reaches. */
function edge(tokens: readonly Token[], at: number, walk: Span & { step: 1 | -1 }): number {
  const { begin, end, step } = walk
  for (let i = at + step; i >= begin && i < end; i += step) {
    const token = tokens[i] as Token
    const isInward = step === 1 ? token.match > i : token.match >= 0 && token.match < i
    if (isInward) i = token.match
    else if (token.match >= 0 || bounds.has(token.text) || relationSigns.has(token.text)) return step === 1 ? i : i + 1
  }
  return step === 1 ? end : begin
}

/** Conditions: of `if` and `while`, and what stands before a `?`. */
export function conditionsIn({ tokens }: Code, body: Span): Span[] {
  const found: Span[] = []
  for (let i = body.begin; i < body.end; i++) {
    const token = tokens[i] as Token
    const isHead = token.text === 'if' || token.text === 'while'
    if (isHead && tokens[i + 1]?.text === '(') found.push({ begin: i + 2, end: tokens[i + 1]?.match ?? i })
    if (token.text !== '?') continue
    let begin = i
    while (begin > body.begin) {
      const before = tokens[begin - 1] as Token
      if (before.match >= 0 && before.match < begin - 1) begin = before.match
      else if (before.match >= 0 || ['=', ',', ';', '?', ':', 'return', '+=', '{', '}'].includes(before.text)) break
      else begin--
    }
    found.push({ begin, end: i })
  }
  return found
}

/** First token in [begin, end), outside brackets, with one of these texts; -1 where there is none. */
export function findSign({ tokens }: Code, { begin, end }: Span, texts: readonly string[]): number {
  for (let i = begin; i < end; i++) {
    const token = tokens[i] as Token
    if (texts.includes(token.text)) return i
    if (token.match > i) i = token.match
  }
  return -1
}
