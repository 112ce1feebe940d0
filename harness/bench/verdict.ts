import type { Verdict } from '#contract/row.ts'
import { type Estimate, medianEstimate, quantile, roundRatios, sorted, worthOfOne } from './statistics.ts'

/** By how much three quarters of the rounds must agree at least that one arm is the faster one. */
const requiredGap = 0.005
const sameWithin = 0.01
/** An interval of this confidence misses 1 in 1 of 200 comparisons of equals, however few and noisy the rounds. */
const beyondDoubt = 0.995
/** In fewer, equals agree on a side by chance more often than that. */
export const leastRoundsToCall = 9

/** How two arms compare. `ratio` is first ÷ second within a round, the median over the rounds; FAST: the first is faster. */
export interface Comparison {
  ratio: Estimate
  verdict: Verdict
  /** Why, in one sentence. */
  reason: string
}

/**
 * FAST or SLOW: in three quarters of the rounds the ratio lies at least 0.5 % to that side of 1, and so does the whole
 * 99.5 % interval of its median lie on that side. SAME: the 95 % interval lies within 1 ± 1 %. Anything else is AMBIGUOUS,
 * and stays so.
 */
export function compareArms(first: readonly number[], second: readonly number[]): Comparison {
  const ratios = roundRatios(first, second)
  const worth = worthOfOne(ratios)
  const ratio = medianEstimate(ratios, 0.95, worth)
  const sure = medianEstimate(ratios, beyondDoubt, worth)
  const interval = `95 % interval of the ratio ${ratio.low.toFixed(4)} to ${ratio.high.toFixed(4)}`
  if (ratios.length < leastRoundsToCall) {
    const reason = `${interval}, of ${ratios.length} rounds: it takes ${leastRoundsToCall} to call a winner`
    return { ratio, verdict: 'AMBIGUOUS', reason }
  }
  const gap = gapOf(ratios)
  const gapText = `${(Math.abs(gap) * 100).toFixed(1)} %`
  if (gap >= requiredGap && sure.high < 1)
    return { ratio, verdict: 'FAST', reason: `at least ${gapText} faster in three quarters of the rounds; ${interval}` }
  if (gap <= -requiredGap && sure.low > 1)
    return { ratio, verdict: 'SLOW', reason: `at least ${gapText} slower in three quarters of the rounds; ${interval}` }
  if (ratio.low >= 1 - sameWithin && ratio.high <= 1 + sameWithin)
    return { ratio, verdict: 'SAME', reason: `${interval} lies within 1 %` }
  const doubt =
    Math.abs(gap) < requiredGap
      ? 'and three quarters of the rounds do not agree on a winner'
      : `although three quarters of the rounds agree on a winner: ${whyNotSure(ratios.length, worth)}`
  return { ratio, verdict: 'AMBIGUOUS', reason: `${interval}, ${doubt}` }
}

/** Why rounds that agree do not suffice. */
function whyNotSure(rounds: number, worth: number): string {
  if (worth === 1) return `${rounds} rounds are too few for how much they differ`
  return `they wander, each round resembles the ones before, and ${rounds} of them say no more than ${Math.max(Math.floor(rounds / worth), 1)} independent ones`
}

/** What three quarters of the rounds agree on: positive, by how much the first arm is faster; negative, the second; or 0. */
function gapOf(ratios: readonly number[]): number {
  const ascending = sorted(ratios)
  const [low, high] = [quantile(ascending, 0.25), quantile(ascending, 0.75)]
  if (high < 1) return 1 - high
  return low > 1 ? 1 / low - 1 : 0
}
