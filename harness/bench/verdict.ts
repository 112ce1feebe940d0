import type { Verdict } from '#contract/row.ts'
import { type Estimate, quantile, ratioOfMedians, sorted } from './statistics.ts'

/** Smallest distance between the two arms' [min, q3] intervals, as a share of the faster one's q3, to call a winner. */
const requiredGap = 0.005
const sameWithin = 0.01

/** How two arms compare. `ratio` is first ÷ second, of medians; FAST means that the first is faster. */
export interface Comparison {
  ratio: Estimate
  verdict: Verdict
  /** Why, in one sentence. */
  reason: string
}

/**
 * FAST or SLOW: the intervals [min, q3] of the arms lie at least 0.5 % apart and the bootstrap interval of the ratio of
 * medians excludes 1. SAME: that interval lies within 1 ± 1 %. Anything else is AMBIGUOUS, and stays so.
 */
export function compareArms(first: readonly number[], second: readonly number[], seed: number): Comparison {
  const ratio = ratioOfMedians(first, second, seed)
  const interval = `95 % interval of the ratio ${ratio.low.toFixed(4)} to ${ratio.high.toFixed(4)}`
  const gap = gapBetween(first, second)
  const gapText = `${(Math.abs(gap) * 100).toFixed(1)} %`
  if (gap >= requiredGap && ratio.high < 1)
    return { ratio, verdict: 'FAST', reason: `[min, q3] lies ${gapText} below the other's; ${interval}` }
  if (gap <= -requiredGap && ratio.low > 1)
    return { ratio, verdict: 'SLOW', reason: `[min, q3] lies ${gapText} above the other's; ${interval}` }
  if (ratio.low >= 1 - sameWithin && ratio.high <= 1 + sameWithin)
    return { ratio, verdict: 'SAME', reason: `${interval} lies within 1 %` }
  const apart =
    Math.abs(gap) >= requiredGap
      ? 'although [min, q3] lie apart'
      : 'and the [min, q3] intervals overlap or nearly touch'
  return { ratio, verdict: 'AMBIGUOUS', reason: `${interval}, ${apart}` }
}

/** Positive: the first arm's [min, q3] lies below the second's by that share; negative: above it; 0: they overlap. */
function gapBetween(first: readonly number[], second: readonly number[]): number {
  const [a, b] = [sorted(first), sorted(second)]
  const [aTop, bTop] = [quantile(a, 0.75), quantile(b, 0.75)]
  if (b[0]! > aTop) return (b[0]! - aTop) / aTop
  if (a[0]! > bTop) return -(a[0]! - bTop) / bTop
  return 0
}
