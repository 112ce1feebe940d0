import type { Problem } from '#contract/manifest.ts'
import { provableFlags, variantSchema } from '#contract/manifest.ts'
import type { ManifestReading, ManifestVariant } from './types.ts'

type Read = Pick<ManifestReading, 'variants' | 'invalid' | 'problems'>
type PositionOf = ManifestReading['positionOf']

/** JSON path as text: `mlx[3].supports.bias`. */
export function jsonPath(path: (string | number)[]): string {
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('')
}

/** A problem of the manifest at a JSON path, with its position. */
export function manifestProblem(
  positionOf: PositionOf,
  problem: { rule: string; severity: Problem['severity']; at: (string | number)[]; message: string; variant?: string },
): Problem {
  const { rule, severity, at, message, variant } = problem
  return { rule, severity, ...(variant ? { variant } : {}), path: jsonPath(at), message, ...positionOf(at) }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Younger than the format: an entry that does not say it is not asked for it. */
const optionalFlag = 'activation'

/** Required keys of `supports` that an entry leaves out, filled with what they mean when nobody set them. */
function completed(raw: Record<string, unknown>): { entry: Record<string, unknown>; missing: string[] } {
  const supports = isObject(raw.supports) ? raw.supports : raw.supports === undefined ? {} : null
  if (!supports) return { entry: raw, missing: [] }
  const missing: string[] = provableFlags.filter((flag) => flag !== optionalFlag && !Object.hasOwn(supports, flag))
  const defaults: Record<string, unknown> = Object.fromEntries(missing.map((flag) => [flag, false]))
  if (!Object.hasOwn(supports, 'functionName')) {
    defaults.functionName = ''
    if (raw.library !== undefined) missing.push('functionName')
  }
  return { entry: withoutNulls({ ...raw, supports: { ...withoutNulls(supports), ...defaults } }), missing }
}

/** Writers of optional fields often print null for an absent one. */
function withoutNulls(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
}

/** Reads every entry on its own, so that one that is wrong does not take the others down. */
export function readVariants(manifest: Record<string, unknown>, positionOf: PositionOf): Read {
  const read: Read = { variants: [], invalid: [], problems: [] }
  for (const [backend, list] of Object.entries(manifest)) {
    if (!Array.isArray(list)) {
      const message = `"${backend}" is not a list of variants; it is ignored`
      read.problems.push(
        manifestProblem(positionOf, { rule: 'manifest.schema', severity: 'warning', at: [backend], message }),
      )
      continue
    }
    const seen = new Set<string>()
    for (const [index, raw] of list.entries()) readVariant(read, { raw, backend, index, seen, positionOf })
  }
  return read
}

function readVariant(
  read: Read,
  item: { raw: unknown; backend: string; index: number; seen: Set<string>; positionOf: PositionOf },
): void {
  const { raw, backend, index, seen, positionOf } = item
  const report = (at: (string | number)[], message: string, rule = 'manifest.schema') => {
    const variant = isObject(raw) && typeof raw.name === 'string' ? { variant: `${backend}/${raw.name}` } : {}
    read.problems.push(
      manifestProblem(positionOf, { rule, severity: 'error', at: [backend, index, ...at], message, ...variant }),
    )
  }
  if (!isObject(raw)) {
    report([], `entry ${index} of "${backend}" is not an object`)
    return
  }
  const { entry, missing } = completed(raw)
  const parsed = variantSchema.safeParse(entry)
  const id = `${backend}/${typeof raw.name === 'string' ? raw.name : `[${index}]`}`
  if (missing.length > 0) report(['supports'], `supports lacks ${missing.join(', ')}; an absent flag counts as false`)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const where = (issue?.path ?? []).filter((step): step is string | number => typeof step !== 'symbol')
    const reason = `manifest entry is invalid: ${jsonPath(where) || 'entry'}: ${issue?.message}`
    read.invalid.push({ id, isEnabled: raw.enabled !== false, reason })
    report(where, reason)
    return
  }
  if (seen.has(parsed.data.name)) {
    report(
      ['name'],
      `"${backend}" has a second variant named "${parsed.data.name}"; only the first is used`,
      'manifest.duplicate-variant',
    )
    return
  }
  seen.add(parsed.data.name)
  const variant: ManifestVariant = { ...parsed.data, backend, id, index, raw }
  read.variants.push(variant)
}
