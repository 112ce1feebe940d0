import type { Variant } from '#contract/manifest.ts'
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
export function flagsNeeded(
  shape: Shape,
): ('transposeA' | 'transposeB' | 'batch' | 'bias' | 'accumulate' | 'smallMN' | 'smallK')[] {
  const needs = {
    transposeA: shape.tA,
    transposeB: shape.tB,
    batch: shape.batch > 1,
    bias: shape.bias,
    accumulate: shape.accumulate || shape.beta !== 0,
    smallMN: shape.m <= smallLimits.mn || shape.n <= smallLimits.mn,
    smallK: shape.k < smallLimits.k,
  }
  return (Object.keys(needs) as (keyof typeof needs)[]).filter((flag) => needs[flag])
}

/** What of `supports` says how operands lie and which there are: without it a kernel reads something else than it is given. */
const operandFlags = ['transposeA', 'transposeB', 'batch', 'bias', 'accumulate'] as const

/** Why a variant would misread the operands of a shape, which its flags do not claim; null when it would not. */
export function operandRefusal({ supports }: Pick<Variant, 'supports'>, shape: Shape): string | null {
  const needed: readonly string[] = flagsNeeded(shape)
  const open = operandFlags.filter((flag) => needed.includes(flag) && !supports[flag])
  return open.length > 0 ? `its manifest entry does not claim ${open.join(' and ')}` : null
}
