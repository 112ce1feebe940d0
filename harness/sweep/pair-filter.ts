import { fail, ok, type Result } from '#contract/error.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import { evaluateFormula } from '../catalog/formula.ts'
import { matchesVariant } from '../catalog/glob.ts'
import { shapeNames } from '../catalog/shape-names.ts'

/** Conditions of a sweep on its pairs. */
export interface PairFilter {
  /** Any of the globs matches, or there is none. */
  takesVariant(variant: { id: string; backend: string; name: string }): boolean
  /** The shapes that meet every formula. `invalid` names a formula that has no value, and the shape it has none for. */
  shapesOf<S extends { shape: Shape }>(listed: readonly S[]): Result<S[]>
}

const isFormula = (text: string) => /[=<>]/.test(text)

/** Cuts at the commas that are not between brackets, as those of `min(m, n)` are. */
function conditionsOf(text: string): string[] {
  const conditions = ['']
  let depth = 0
  for (const character of text) {
    if (character === ',' && depth === 0) conditions.push('')
    else conditions.push(conditions.pop() + character)
    depth += +(character === '(') - +(character === ')')
  }
  return conditions
}

/** `m=1,n>=2048` as a formula: a comma is an and, a single = compares. */
function formulaOf(text: string): string {
  return conditionsOf(text)
    .map((condition) => `(${condition.replace(/(?<![<>=!])=(?!=)/g, '==')})`)
    .join(' && ')
}

/** The conditions that are globs over variants. */
export function globsOf(texts: readonly string[]): string[] {
  return texts.filter((text) => !isFormula(text))
}

/** Whether a shape meets every formula. */
function meets(formulas: readonly string[], shape: Shape): Result<boolean> {
  for (const formula of formulas) {
    const value = evaluateFormula(formula, shapeNames(shape))
    if (!value.ok)
      return fail({ kind: 'invalid', message: `filter: ${value.error.message}, for the shape ${formatShape(shape)}` })
    if (value.value === 0) return ok(false)
  }
  return ok(true)
}

/**
 * Reads conditions: one with `=`, `<` or `>` is a formula over the names of a shape, any other a glob over variants.
 * Several formulas narrow each other down, several globs add up.
 */
export function readPairFilter(texts: readonly string[]): PairFilter {
  const globs = globsOf(texts)
  const formulas = texts.filter(isFormula).map(formulaOf)
  return {
    takesVariant: (variant) => globs.length === 0 || globs.some((glob) => matchesVariant(glob, variant)),
    shapesOf: (listed) => {
      const taken = []
      for (const one of listed) {
        const isTaken = meets(formulas, one.shape)
        if (!isTaken.ok) return isTaken
        if (isTaken.value) taken.push(one)
      }
      return ok(taken)
    },
  }
}
