import { provableFlags } from '#contract/manifest.ts'
import { canonicalJson, sha256 } from '../store/canonical-json.ts'
import type { LaunchBinding } from './types.ts'

/**
 * Hex SHA-256 of what a manifest says about a variant, without the values of the flags themselves, and of the launch
 * declarations that drive it: evidence for one flag must not die when another is switched.
 */
export function entryHashOf(raw: Record<string, unknown>, launches: Record<string, LaunchBinding>): string {
  const supports =
    typeof raw.supports === 'object' && raw.supports !== null ? (raw.supports as Record<string, unknown>) : {}
  const flags: readonly string[] = provableFlags
  const kept = Object.fromEntries(Object.entries(supports).filter(([key]) => !flags.includes(key)))
  const declared = Object.fromEntries(
    Object.entries(launches).map(([entry, { launch, params }]) => [entry, { launch, params }]),
  )
  return sha256(canonicalJson({ entry: { ...raw, supports: kept }, launches: declared }))
}
