import type { Problem } from '#contract/manifest.ts'
import { supportsSchema, variantSchema } from '#contract/manifest.ts'
import { type LintContext, type LintRule, variantProblem } from './context.ts'

/** Keys that people write for themselves and that the format documents as without effect. */
const inertKeys = new Set(['kernel_name_override', 'is_m1_specific', 'comment', 'description', 'notes'])
const tileKeys = ['tileBM', 'tileBN', 'tileBK', 'warpM', 'warpN']

function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(substitution, (previous[j] as number) + 1, (current[j - 1] as number) + 1))
    }
    previous = current
  }
  return previous[b.length] as number
}

/** A dropped letter is likelier than a wrong one, so it counts half. */
function unlikeness(key: string, name: string): number {
  const steps = distance(key.toLowerCase(), name.toLowerCase())
  const isShortened = new RegExp(Array.from(key, (letter) => letter.replace(/\W/g, '.')).join('.*')).test(name)
  return isShortened ? steps / 2 : steps
}

function suggestion(key: string, known: readonly string[]): string {
  const nearest = known.map((name) => ({ name, far: unlikeness(key, name) })).sort((a, b) => a.far - b.far)[0]
  return nearest && nearest.far <= Math.max(2, Math.floor(key.length / 3)) ? `; did you mean ${nearest.name}?` : ''
}

const variantKeys = Object.keys(variantSchema.shape)
const supportsKeys = Object.keys(supportsSchema.shape)

/** Keys that nothing reads: most are misspelt. */
export const unknownKeys: LintRule = (context) =>
  context.reading.variants.flatMap((variant) => {
    const supports = (variant.raw.supports ?? {}) as Record<string, unknown>
    const report = (key: string, at: string[], known: string[]) =>
      variantProblem(context, {
        rule: 'unknown-key',
        severity: 'warning',
        variant,
        at: [...at, key],
        message: `"${key}" does nothing${suggestion(key, known)}`,
      })
    return [
      ...Object.keys(variant.raw)
        .filter((key) => !variantKeys.includes(key) && !inertKeys.has(key))
        .map((key) => report(key, [], variantKeys)),
      ...Object.keys(supports)
        .filter((key) => !supportsKeys.includes(key) && !inertKeys.has(key))
        .map((key) => report(key, ['supports'], supportsKeys)),
    ]
  })

/** The tile override counts only when all five of its keys are there. */
export const partialTile: LintRule = (context) =>
  context.reading.variants.flatMap((variant) => {
    const missing = tileKeys.filter((key) => variant[key] === undefined)
    if (missing.length === 0 || missing.length === tileKeys.length) return []
    const message = `the tile override is ignored without ${missing.join(', ')}`
    return [variantProblem(context, { rule: 'partial-tile', severity: 'warning', variant, message })]
  })

/** Which of two baselines a backend is compared with would be chance. */
export const twoBaselines: LintRule = (context: LintContext): Problem[] => {
  const first = new Map<string, string>()
  return context.reading.variants
    .filter(({ baseline }) => baseline)
    .flatMap((variant) => {
      const earlier = first.get(variant.backend)
      if (earlier === undefined) {
        first.set(variant.backend, variant.id)
        return []
      }
      const message = `${variant.backend} has a second baseline; ${earlier} is one already`
      return [variantProblem(context, { rule: 'two-baselines', severity: 'error', variant, at: ['baseline'], message })]
    })
}
