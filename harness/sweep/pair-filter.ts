import { fail, ok, type Result } from '#contract/error.ts'
import type { Shape } from '#contract/shape.ts'
import { evaluateFormula } from '../catalog/formula.ts'
import { matchesVariant } from '../catalog/glob.ts'
import { shapeNames } from '../catalog/shape-names.ts'

/** Conditions of a sweep on its pairs. */
export interface PairFilter {
  takesVariant(variant: { id: string; backend: string; name: string }): boolean
  takesShape(shape: Shape): boolean
}

const anyShape: Shape = {
  ...{ m: 1, n: 1, k: 1, batch: 1, tA: false, tB: false, bias: false },
  ...{ alpha: 1, beta: 0, accumulate: false, dtype: 'f16' },
}

const isFormula = (text: string) => /[=<>]/.test(text)

/** `m=1,n>=2048` as a formula: a comma is an and, a single = compares. */
function formulaOf(text: string): string {
  return text
    .split(',')
    .map((condition) => `(${condition.replace(/(?<![<>=!])=(?!=)/g, '==')})`)
    .join(' && ')
}

/** The conditions that are globs over variants. */
export function globsOf(texts: readonly string[]): string[] {
  return texts.filter((text) => !isFormula(text))
}

/**
 * Reads conditions: one with `=`, `<` or `>` is a formula over the names of a shape, any other a glob over variants.
 * `invalid` names a formula that cannot be evaluated.
 */
export function readPairFilter(texts: readonly string[]): Result<PairFilter> {
  const globs = globsOf(texts)
  const formulas = texts.filter(isFormula).map(formulaOf)
  for (const formula of formulas) {
    const tried = evaluateFormula(formula, shapeNames(anyShape))
    if (!tried.ok) return fail({ kind: 'invalid', message: `filter: ${tried.error.message}` })
  }
  const holds = (formula: string, shape: Shape) => {
    const value = evaluateFormula(formula, shapeNames(shape))
    return value.ok && value.value !== 0
  }
  return ok({
    takesVariant: (variant) => globs.every((glob) => matchesVariant(glob, variant)),
    takesShape: (shape) => formulas.every((formula) => holds(formula, shape)),
  })
}
