import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'

/** Syntax tree of a formula. `at` is the 0-based offset in its text. */
export type FormulaNode =
  | { kind: 'number'; value: number; at: number }
  | { kind: 'name'; name: string; at: number }
  | { kind: 'unary'; operator: '-' | '!'; operand: FormulaNode; at: number }
  | { kind: 'binary'; operator: string; left: FormulaNode; right: FormulaNode; at: number }
  | { kind: 'choice'; test: FormulaNode; then: FormulaNode; otherwise: FormulaNode; at: number }
  | { kind: 'call'; name: string; args: FormulaNode[]; at: number }

interface Token {
  kind: 'number' | 'name' | 'operator' | 'end'
  text: string
  at: number
}

const tokenPattern = /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(<=|>=|==|!=|&&|\|\||[-+*/%()<>?:,!]))/y

/** Binary operators by precedence, weakest first. */
const levels = [['||'], ['&&'], ['==', '!='], ['<', '<=', '>', '>='], ['+', '-'], ['*', '/', '%']]

const maxLength = 1000
const maxDepth = 64

class FormulaSyntaxError extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  tokenPattern.lastIndex = 0
  while (text.slice(tokenPattern.lastIndex).trim() !== '') {
    const start = tokenPattern.lastIndex
    const match = tokenPattern.exec(text)
    if (!match) {
      const at = start + (text.slice(start).length - text.slice(start).trimStart().length)
      throw new FormulaSyntaxError(`unexpected '${text[at]}'`, at)
    }
    const value = match[1] ?? match[2] ?? match[3] ?? ''
    const kind = match[1] !== undefined ? 'number' : match[2] !== undefined ? 'name' : 'operator'
    tokens.push({ kind, text: value, at: tokenPattern.lastIndex - value.length })
  }
  tokens.push({ kind: 'end', text: 'end of formula', at: text.length })
  return tokens
}

class FormulaParser {
  private position = 0
  private depth = 0
  private readonly tokens: Token[]

  constructor(tokens: Token[]) {
    this.tokens = tokens
  }

  parse(): FormulaNode {
    const node = this.choice()
    if (this.next.kind !== 'end') throw new FormulaSyntaxError(`unexpected '${this.next.text}'`, this.next.at)
    return node
  }

  private get next(): Token {
    return this.tokens[this.position] as Token
  }

  private take(): Token {
    const token = this.next
    if (token.kind !== 'end') this.position++
    return token
  }

  private takeOperator(...operators: string[]): Token | null {
    return this.next.kind === 'operator' && operators.includes(this.next.text) ? this.take() : null
  }

  private expect(operator: string): void {
    if (!this.takeOperator(operator)) {
      throw new FormulaSyntaxError(`expected '${operator}' but found '${this.next.text}'`, this.next.at)
    }
  }

  private choice(): FormulaNode {
    if (++this.depth > maxDepth) throw new FormulaSyntaxError(`nested deeper than ${maxDepth}`, this.next.at)
    const test = this.binary(0)
    let node = test
    if (this.takeOperator('?')) {
      const then = this.choice()
      this.expect(':')
      node = { kind: 'choice', test, then, otherwise: this.choice(), at: test.at }
    }
    this.depth--
    return node
  }

  private binary(level: number): FormulaNode {
    const operators = levels[level]
    if (!operators) return this.unary()
    let left = this.binary(level + 1)
    for (let token = this.takeOperator(...operators); token; token = this.takeOperator(...operators)) {
      left = { kind: 'binary', operator: token.text, left, right: this.binary(level + 1), at: token.at }
    }
    return left
  }

  private unary(): FormulaNode {
    const token = this.takeOperator('-', '!')
    if (!token) return this.primary()
    if (++this.depth > maxDepth) throw new FormulaSyntaxError(`nested deeper than ${maxDepth}`, token.at)
    const operand = this.unary()
    this.depth--
    return { kind: 'unary', operator: token.text as '-' | '!', operand, at: token.at }
  }

  private primary(): FormulaNode {
    const token = this.take()
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text), at: token.at }
    if (token.kind === 'name') {
      return this.takeOperator('(')
        ? { kind: 'call', name: token.text, args: this.callArgs(), at: token.at }
        : { kind: 'name', name: token.text, at: token.at }
    }
    if (token.kind === 'operator' && token.text === '(') {
      const node = this.choice()
      this.expect(')')
      return node
    }
    throw new FormulaSyntaxError(`expected a value but found '${token.text}'`, token.at)
  }

  private callArgs(): FormulaNode[] {
    if (this.takeOperator(')')) return []
    const args = [this.choice()]
    while (this.takeOperator(',')) args.push(this.choice())
    this.expect(')')
    return args
  }
}

const parsed = new Map<string, Result<FormulaNode>>()
const maxCached = 2000

/** Parses a formula; answers are kept, since the same few formulas are evaluated for every shape. */
export function parseFormula(text: string): Result<FormulaNode> {
  const known = parsed.get(text)
  if (known) return known
  const result = parseAfresh(text)
  if (parsed.size >= maxCached) parsed.clear()
  parsed.set(text, result)
  return result
}

function parseAfresh(text: string): Result<FormulaNode> {
  if (text.length > maxLength)
    return fail({ kind: 'invalid', message: `formula of ${text.length} characters: the limit is ${maxLength}` })
  try {
    return ok(new FormulaParser(tokenize(text)).parse())
  } catch (error) {
    if (!(error instanceof FormulaSyntaxError)) throw error
    return fail(formulaError(text, error.at, error.message))
  }
}

/** A LabError that names the formula and the 1-based column in it. */
export function formulaError(text: string, at: number, what: string): { kind: 'invalid'; message: string } {
  return { kind: 'invalid', message: `formula "${text}", column ${at + 1}: ${what}` }
}
