import { type Code, type Span, textOf } from './code.ts'
import { type Loop, partsOf, type Relation } from './syntax.ts'

/** How one variable moves each time round a loop: `sign` is `+`, `-`, or of a factor `*`, `/`, `<<`, `>>`. */
export interface Step {
  name: string
  sign: string
  by: string
}

const signs = ['+', '-', '*', '/', '<<', '>>']

/** Of `i++`, `--i`, `i += S`, `s >>= 1` and `i = i + S`; of a step of several parts each. */
export function stepsOf(code: Code, { step }: Pick<Loop, 'step'>): Step[] {
  return partsOf(code, step).flatMap((part) => stepOf(code, part) ?? [])
}

function stepOf(code: Code, part: Span): Step | null {
  const texts = code.tokens.slice(part.begin, part.end).map(({ text }) => text)
  const [first = '', second = ''] = texts
  const isWord = (at: number) => code.tokens[part.begin + at]?.kind === 'word'
  if (texts.length === 2 && (first === '++' || first === '--') && isWord(1))
    return { name: second, sign: first.charAt(0), by: '1' }
  if (texts.length === 2 && (second === '++' || second === '--') && isWord(0))
    return { name: first, sign: second.charAt(0), by: '1' }
  if (!isWord(0)) return null
  // Tokens of shifts that assign are single signs: `>`, `>=`.
  for (const length of [1, 2]) {
    const sign = texts.slice(1, 1 + length).join('')
    const by = textOf(code, { begin: part.begin + 1 + length, end: part.end })
    if (sign.endsWith('=') && signs.includes(sign.slice(0, -1)) && by !== '')
      return { name: first, sign: sign.slice(0, -1), by: `(${by})` }
  }
  if (second === '=' && texts[2] === first && texts.length > 4 && ['+', '-', '*', '/'].includes(texts[3] ?? ''))
    return { name: first, sign: texts[3] ?? '', by: `(${textOf(code, { begin: part.begin + 4, end: part.end })})` }
  return null
}

/** A relation that ends a loop one time early: null where neither side of it is what moves. */
export function endedEarly(code: Code, { left, right, sign }: Relation, step: Step): string | null {
  const [own, other, relation] = [textOf(code, left), textOf(code, right), code.tokens[sign]?.text ?? '']
  const next = (text: string) => `${text} ${step.sign} ${step.by}`
  // Unsigned numbers do not go below 0: what is subtracted there is added on the other side.
  const isDown = step.sign === '-'
  const isFactor = step.sign !== '+' && step.sign !== '-'
  if (own === step.name) {
    if (isDown) return relation.startsWith('<') ? null : `${own} ${relation} ${other} + ${step.by}`
    if (isFactor) return `(${next(own)}) ${relation} ${other}`
    return relation.startsWith('>') ? null : `${next(own)} ${relation} ${other}`
  }
  if (other === step.name) {
    if (isDown) return relation.startsWith('>') ? null : `${own} + ${step.by} ${relation} ${other}`
    if (isFactor) return `${own} ${relation} (${next(other)})`
    return relation.startsWith('<') ? null : `${own} ${relation} ${next(other)}`
  }
  return null
}
