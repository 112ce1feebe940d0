import { launchSchema } from '#contract/launch.ts'
import type { Problem } from '#contract/manifest.ts'
import { supportsSchema, variantSchema } from '#contract/manifest.ts'
import { type LintContext, type LintRule, variantProblem } from './context.ts'
import { suggestion } from './spelling.ts'

/** Keys that people write for themselves and that the format documents as without effect. */
const inertKeys = new Set(['kernel_name_override', 'is_m1_specific', 'comment', 'description', 'notes'])
const tileKeys = ['tileBM', 'tileBN', 'tileBK', 'warpM', 'warpN']

const variantKeys = Object.keys(variantSchema.shape)
const supportsKeys = Object.keys(supportsSchema.shape)
const launchKeys = Object.keys(launchSchema.shape)

/** The objects of an entry whose keys are all known, with where they stand. */
function knownObjects(raw: Record<string, unknown>): { at: string[]; object: unknown; known: string[] }[] {
  return [
    { at: [], object: raw, known: variantKeys },
    { at: ['supports'], object: raw.supports, known: supportsKeys },
    { at: ['launch'], object: raw.launch, known: launchKeys },
  ]
}

/** Keys that nothing reads: most are misspelt. */
export const unknownKeys: LintRule = (context) =>
  context.reading.variants.flatMap((variant) =>
    knownObjects(variant.raw).flatMap(({ at, object, known }) =>
      Object.keys(object ?? {})
        .filter((key) => !known.includes(key) && !inertKeys.has(key))
        .map((key) => {
          const message = `"${key}" does nothing${suggestion(key, known)}`
          return variantProblem(context, {
            rule: 'unknown-key',
            severity: 'warning',
            variant,
            at: [...at, key],
            message,
          })
        }),
    ),
  )

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
