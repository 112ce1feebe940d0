import { smallLimits } from '../filter.ts'
import { nameGatesOf } from '../name-gates.ts'
import type { Range } from '../ranges.ts'
import type { ManifestVariant } from '../types.ts'
import { type LintRule, variantProblem } from './context.ts'

interface Bound {
  min: number
  minWhy: string
  max: number
  maxWhy: string
}

/** The bounds that an entry's own rules put on a shape's extents, each with the rule it comes from. */
function boundsOf(variant: ManifestVariant): Record<string, Bound> {
  const bounds: Record<string, Bound> = {}
  const apply = (name: string, range: Range, why: string) => {
    bounds[name] ??= { min: 1, minWhy: 'every extent is at least 1', max: Number.POSITIVE_INFINITY, maxWhy: '' }
    const bound = bounds[name]
    if (range.min !== undefined && range.min > bound.min) Object.assign(bound, { min: range.min, minWhy: why })
    if (range.max !== undefined && range.max < bound.max) Object.assign(bound, { max: range.max, maxWhy: why })
  }
  if (!variant.supports.smallMN) {
    apply('m', { min: smallLimits.mn + 1 }, 'supports.smallMN false')
    apply('n', { min: smallLimits.mn + 1 }, 'supports.smallMN false')
  }
  if (!variant.supports.smallK) apply('k', { min: smallLimits.k }, 'supports.smallK false')
  for (const name of ['m', 'n', 'k']) {
    const range = variant.requires?.[name]
    if (range) apply(name, range, `requires.${name}`)
    for (const gate of variant.requires ? [] : nameGatesOf(variant.name)) {
      if (gate.ranges[name]) apply(name, gate.ranges[name], `the name's ${gate.gate}`)
    }
  }
  return bounds
}

function contradiction(variant: ManifestVariant): { at: string[]; message: string } | null {
  const { supports } = variant
  for (const letter of ['A', 'B'] as const) {
    if (supports[`expectedTranspose${letter}`] && !supports[`transpose${letter}`]) {
      return {
        at: ['supports', `expectedTranspose${letter}`],
        message: `expectedTranspose${letter} is true but transpose${letter} is false: no shape passes`,
      }
    }
  }
  const bounds = boundsOf(variant)
  for (const [name, { min, minWhy, max, maxWhy }] of Object.entries(bounds)) {
    if (min > max)
      return {
        at: ['supports'],
        message: `${name} must be at least ${min} (${minWhy}) and at most ${max} (${maxWhy}): no shape passes`,
      }
  }
  const values = supports.supportedNValues
  const isInside = (n: number) => n >= (bounds.n?.min ?? 1) && n <= (bounds.n?.max ?? Number.POSITIVE_INFINITY)
  if (values && !values.some(isInside)) {
    return {
      at: ['supports', 'supportedNValues'],
      message:
        values.length === 0
          ? 'supportedNValues is empty: no shape passes'
          : 'no value of supportedNValues passes the other rules',
    }
  }
  const needsBias = !variant.requires && nameGatesOf(variant.name).some((gate) => gate.needsBias)
  if (needsBias && !supports.bias)
    return {
      at: ['supports', 'bias'],
      message: 'the name says fused_bias, which needs bias, but bias is false: no shape passes',
    }
  return null
}

/** Entries whose own rules contradict each other: no shape can pass them all. */
export const unsatisfiable: LintRule = (context) =>
  context.reading.variants.flatMap((variant) => {
    const found = contradiction(variant)
    return found ? [variantProblem(context, { rule: 'unsatisfiable', severity: 'error', variant, ...found })] : []
  })
