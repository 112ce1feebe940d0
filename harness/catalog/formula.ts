import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import type { Formula } from '#contract/launch.ts'
import { type FormulaNode, formulaError, parseFormula } from './formula-parse.ts'

/** Values of the names a formula may use. */
export type FormulaNames = Readonly<Record<string, number>>

const functions: Record<string, { least: number; most: number; apply: (args: number[]) => number }> = {
  min: { least: 1, most: 16, apply: (args) => Math.min(...args) },
  max: { least: 1, most: 16, apply: (args) => Math.max(...args) },
  ceilDiv: { least: 2, most: 2, apply: ([a, b]) => Math.ceil((a as number) / (b as number)) },
  roundUp: { least: 2, most: 2, apply: ([a, b]) => Math.ceil((a as number) / (b as number)) * (b as number) },
  floor: { least: 1, most: 1, apply: ([a]) => Math.floor(a as number) },
  log2: { least: 1, most: 1, apply: ([a]) => Math.log2(a as number) },
}

class FormulaEvaluationError extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

function evaluateNode(node: FormulaNode, names: FormulaNames): number {
  switch (node.kind) {
    case 'number':
      return node.value
    case 'name': {
      if (!Object.hasOwn(names, node.name)) {
        throw new FormulaEvaluationError(
          `unknown name '${node.name}'; known: ${Object.keys(names).sort().join(' ')}`,
          node.at,
        )
      }
      return names[node.name] as number
    }
    case 'unary':
      return node.operator === '-' ? -evaluateNode(node.operand, names) : +(evaluateNode(node.operand, names) === 0)
    case 'choice':
      return evaluateNode(evaluateNode(node.test, names) !== 0 ? node.then : node.otherwise, names)
    case 'call':
      return evaluateCall(node, names)
    case 'binary':
      return evaluateBinary(node, names)
  }
}

function evaluateCall(node: Extract<FormulaNode, { kind: 'call' }>, names: FormulaNames): number {
  if (!Object.hasOwn(functions, node.name)) {
    throw new FormulaEvaluationError(
      `unknown function '${node.name}'; known: ${Object.keys(functions).join(' ')}`,
      node.at,
    )
  }
  const { least, most, apply } = functions[node.name] as (typeof functions)[string]
  if (node.args.length < least || node.args.length > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`
    throw new FormulaEvaluationError(`${node.name} takes ${wanted} values, not ${node.args.length}`, node.at)
  }
  return apply(node.args.map((arg) => evaluateNode(arg, names)))
}

function evaluateBinary(node: Extract<FormulaNode, { kind: 'binary' }>, names: FormulaNames): number {
  const left = evaluateNode(node.left, names)
  if (node.operator === '&&') return left === 0 ? 0 : +(evaluateNode(node.right, names) !== 0)
  if (node.operator === '||') return left !== 0 ? 1 : +(evaluateNode(node.right, names) !== 0)
  const right = evaluateNode(node.right, names)
  switch (node.operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
    case '%':
      if (right === 0) throw new FormulaEvaluationError('division by zero', node.at)
      return node.operator === '/' ? left / right : left % right
    case '==':
      return +(left === right)
    case '!=':
      return +(left !== right)
    case '<':
      return +(left < right)
    case '<=':
      return +(left <= right)
    case '>':
      return +(left > right)
    default:
      return +(left >= right)
  }
}

/**
 * Value of a formula: a number, `/` is exact division (use floor or ceilDiv), comparisons and logic answer 1 or 0.
 * Fails with `invalid`, naming the formula, the column and the unknown name; also when the value is not finite.
 */
export function evaluateFormula(formula: Formula, names: FormulaNames): Result<number> {
  if (typeof formula === 'number') {
    return Number.isFinite(formula)
      ? ok(formula)
      : fail({ kind: 'invalid', message: `formula ${formula} is not a finite number` })
  }
  const node = parseFormula(formula)
  if (!node.ok) return node
  try {
    const value = evaluateNode(node.value, names)
    return Number.isFinite(value)
      ? ok(value)
      : fail(formulaError(formula, 0, `the value is ${value}, not a finite number`))
  } catch (error) {
    if (!(error instanceof FormulaEvaluationError)) throw error
    return fail(formulaError(formula, error.at, error.message))
  }
}
