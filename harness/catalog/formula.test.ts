import { describe, expect, it } from 'vitest'
import { evaluateFormula } from './formula.ts'

const names = { m: 5, n: 896, k: 64, bn: 128, zero: 0 }

function expectValue(formula: string | number): number {
  const result = evaluateFormula(formula, names)
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

function messageOf(formula: string): string {
  const result = evaluateFormula(formula, names)
  return result.ok ? `no error but ${result.value}` : result.error.message
}

describe('evaluateFormula', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['2 - 3 - 4', -5],
    ['7 / 2', 3.5],
    ['floor(7 / 2) % 2', 1],
    ['ceilDiv(n, bn)', 7],
    ['ceilDiv(n + 1, bn)', 8],
    ['roundUp(m, 4)', 8],
    ['min(n, k, m)', 5],
    ['max(n, k)', 896],
    ['log2(k)', 6],
    ['m <= 5 && n > 896 || k == 64', 1],
    ['!(m == 5)', 0],
    ['-m + 1', -4],
    ['m == 1 ? 8 : m <= 16 ? 16 : 32', 16],
    ['m > 4 ? n > 1000 ? 1 : 2 : 3', 2],
    ['1 < 2 == 1', 1],
    [' 1e3 ', 1000],
    [12, 12],
  ])('%s is %s', (formula, expected) => {
    expect(expectValue(formula)).toBe(expected)
  })

  it('does not evaluate the branch that is not taken', () => {
    expect(expectValue('zero == 0 ? 1 : 1 / zero')).toBe(1)
    expect(expectValue('zero && 1 / zero')).toBe(0)
  })

  it.each([
    ['ceilDiv(n, BN)', 'formula "ceilDiv(n, BN)", column 12: unknown name \'BN\'; known: bn k m n zero'],
    ['n +', "column 4: expected a value but found 'end of formula'"],
    ['n $ 2', "column 3: unexpected '$'"],
    ['(n', "column 3: expected ')' but found 'end of formula'"],
    ['n 2', "column 3: unexpected '2'"],
    ['n / zero', 'column 3: division by zero'],
    ['power(2, 3)', "column 1: unknown function 'power'"],
    ['ceilDiv(1)', 'ceilDiv takes 2 values, not 1'],
    ['log2(zero)', 'not a finite number'],
    ['constructor', "unknown name 'constructor'"],
    ['toString()', "unknown function 'toString'"],
    ['', "column 1: expected a value but found 'end of formula'"],
  ])('%s fails saying where', (formula, expected) => {
    expect(messageOf(formula)).toContain(expected)
  })

  it('refuses nesting that would exhaust the stack', () => {
    expect(messageOf('('.repeat(400))).toContain('nested deeper')
    expect(messageOf(`${'-'.repeat(900)}1`)).toContain('nested deeper')
    expect(messageOf(`${'1+'.repeat(600)}1`)).toContain('the limit is 1000')
  })

  it('agrees with JavaScript on precedence and association, over 2000 random formulas', () => {
    let state = 1
    const below = (limit: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * limit)
    }
    const operators = ['+', '-', '*', '/', '%', '<', '<=', '>', '>=', '==', '!=']
    const leaf = () => (below(2) ? Object.keys(names)[below(4)] : `${below(9)}`)
    const random = (depth: number): string => {
      const kind = depth === 0 ? 0 : below(7)
      if (kind === 0) return `${leaf()}`
      if (kind === 1) return `(${random(depth - 1)})`
      if (kind === 2) return `${below(2) ? '- ' : '! '}${leaf()}`
      if (kind === 3) return `(${random(depth - 1)} ? ${random(depth - 1)} : ${random(depth - 1)})`
      return `${random(depth - 1)} ${operators[below(operators.length)]} ${random(depth - 1)}`
    }
    let compared = 0
    for (let round = 0; round < 2000; round++) {
      const formula = random(4)
      const expected = Number(new Function(...Object.keys(names), `return ${formula}`)(...Object.values(names)))
      const result = evaluateFormula(formula, names)
      if (!result.ok) continue
      expect({ formula, value: result.value }).toEqual({ formula, value: expected })
      compared++
    }
    expect(compared).toBeGreaterThan(1500)
  })
})
