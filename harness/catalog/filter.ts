import type { Flag, Variant } from '#contract/manifest.ts'
import type { Shape } from '#contract/shape.ts'
import { nameGatesOf } from './name-gates.ts'
import { dispatchTokens } from './name-tokens.ts'
import { rangeProblem } from './ranges.ts'
import { shapeNames } from './shape-names.ts'

/** Rows or columns from which a matrix no longer counts as small, and the least k that is not small. */
export const smallLimits = { mn: 16, k: 64 }

type Rule = (variant: Variant, shape: Shape) => string | null

function expectation(flag: 'transposeA' | 'transposeB', actual: boolean, expected: boolean | undefined): string | null {
  return expected !== undefined && expected !== actual ? `${flag}=${actual} but expected ${expected}` : null
}

/** The format's rules in its order. The first that answers a reason rejects. */
const rules: Rule[] = [
  ({ supports }, shape) => (shape.tA && !supports.transposeA ? 'transposeA not supported' : null),
  ({ supports }, shape) => (shape.tB && !supports.transposeB ? 'transposeB not supported' : null),
  ({ supports }, shape) => expectation('transposeA', shape.tA, supports.expectedTransposeA),
  ({ supports }, shape) => expectation('transposeB', shape.tB, supports.expectedTransposeB),
  ({ supports }, shape) => (shape.batch > 1 && !supports.batch ? 'batch not supported' : null),
  ({ supports }, shape) => (shape.bias && !supports.bias ? 'bias not supported' : null),
  ({ supports }, shape) =>
    (shape.accumulate || shape.beta !== 0) && !supports.accumulate ? 'accumulate not supported' : null,
  ({ supports }, shape) => (shape.act !== 'none' && !supports.activation ? 'activation not supported' : null),
  ({ supports }, shape) =>
    (shape.m <= smallLimits.mn || shape.n <= smallLimits.mn) && !supports.smallMN ? 'smallMN not supported' : null,
  ({ supports }, shape) => (shape.k < smallLimits.k && !supports.smallK ? 'smallK not supported' : null),
  ({ supports }, { n }) =>
    supports.supportedNValues && !supports.supportedNValues.includes(n) ? `n=${n} not in supportedNValues` : null,
  (variant, shape) => (variant.requires ? null : nameGateReason(variant.name, shape)),
  (variant, shape) =>
    variant.requires
      ? rangeProblem(variant.requires, {
          ...dispatchTokens(variant.name),
          ...variant.dispatch,
          ...variant.params,
          ...shapeNames(shape),
        })
      : null,
]

function nameGateReason(name: string, shape: Shape): string | null {
  for (const { gate, ranges, needsBias } of nameGatesOf(name)) {
    if (needsBias && !shape.bias) return `name says ${gate}: needs bias`
    const problem = rangeProblem(ranges, shapeNames(shape))
    if (problem) return `name says ${gate}: ${problem}`
  }
  return null
}

/** Why a variant is not run on a shape: the first rule of the manifest format that rejects it; null when it is run. */
export function rejectReason(variant: Variant, shape: Shape): string | null {
  for (const rule of rules) {
    const reason = rule(variant, shape)
    if (reason !== null) return reason
  }
  return null
}

/** Flags of `supports` without which a shape would be rejected: those whose evidence its result rests on. */
export function flagsNeeded(shape: Shape): Flag[] {
  const needs: Record<Flag, boolean> = {
    transposeA: shape.tA,
    transposeB: shape.tB,
    batch: shape.batch > 1,
    bias: shape.bias,
    accumulate: shape.accumulate || shape.beta !== 0,
    activation: shape.act !== 'none',
    smallMN: shape.m <= smallLimits.mn || shape.n <= smallLimits.mn,
    smallK: shape.k < smallLimits.k,
  }
  return (Object.keys(needs) as Flag[]).filter((flag) => needs[flag])
}

/** What a run says that is made on a shape which its variant does not claim; undefined of any other, and of an entry. */
export function unclaimedNote(variant: Variant | undefined, shape: Shape): string | undefined {
  const reason = variant && rejectReason(variant, shape)
  return reason ? `the manifest does not claim this shape: ${reason}` : undefined
}
