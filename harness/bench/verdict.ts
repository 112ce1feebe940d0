import type { Verdict } from '#contract/row.ts'
import { type LotPlan, lotsOf, mergedLots, stretches, worthOfPlaces } from './lots.ts'
import { middleEstimate, pairAverages } from './signed-rank.ts'
import { type Estimate, quantile, roundRatios, sorted, worthOfOne } from './statistics.ts'

/** By how much three quarters of the parts of a measurement must agree at least that one arm is the faster one. */
const requiredGap = 0.005
const sameWithin = 0.01
/** In 1 of 500 comparisons of equals an interval of this confidence does not contain 1, however few and noisy the lots. */
const beyondDoubt = 0.998
/** In fewer lots, equals agree on a side by chance more often than that. */
export const leastLotsToCall = 10
/** More are put together: the cost of an interval grows with the square. */
const mostLots = 120
/** A difference must be there all the time, and not in a few long stretches: so many are looked at. */
const parts = 10

/** How two arms compare. `ratio` is first ÷ second; FAST: the first is faster. */
export interface Comparison {
  ratio: Estimate
  /** The ratio with the interval that a winner is called by: 99.8 %. */
  sure: Estimate
  verdict: Verdict
  /** Why, in one sentence. */
  reason: string
}

/**
 * How arms compare whose samples were taken in rounds of one each, by the plan's drawings of lots for who begins. The ratio is the middle of the lots' median log ratios. FAST or SLOW: the 99.8 % interval of the
 * ratio lies on that side of 1, and so do, by at least 0.5 %, three quarters of ten stretches of the measurement. SAME:
 * the 95 % interval lies within 1 ± 1 %. Anything else is AMBIGUOUS, and stays so.
 */
export function compareArms(first: readonly number[], second: readonly number[], plan: LotPlan): Comparison {
  const logs = roundRatios(first, second).map(Math.log)
  const { lots, worth } = valuesOf(logs, plan)
  const averages = pairAverages(lots)
  const estimate = (confidence: number) =>
    exponential(middleEstimate(averages, { count: lots.length, confidence, worth }))
  const [ratio, sure] = [estimate(0.95), estimate(beyondDoubt)]
  const interval = `95 % interval of the ratio ${ratio.low.toFixed(4)} to ${ratio.high.toFixed(4)}`
  if (lots.length < leastLotsToCall) {
    const reason = `${interval}, of ${lots.length} rounds: it takes ${leastLotsToCall} to call a winner`
    return { ratio, sure, verdict: 'AMBIGUOUS', reason }
  }
  const gap = gapOf(stretches(lots, parts).map(Math.exp))
  const gapText = `${(Math.abs(gap) * 100).toFixed(1)} %`
  if (gap >= requiredGap && sure.high < 1)
    return {
      ratio,
      sure,
      verdict: 'FAST',
      reason: `at least ${gapText} faster three quarters of the time; ${interval}`,
    }
  if (gap <= -requiredGap && sure.low > 1)
    return {
      ratio,
      sure,
      verdict: 'SLOW',
      reason: `at least ${gapText} slower three quarters of the time; ${interval}`,
    }
  if (ratio.low >= 1 - sameWithin && ratio.high <= 1 + sameWithin)
    return { ratio, sure, verdict: 'SAME', reason: `${interval} lies within 1 %` }
  const doubt =
    Math.abs(gap) < requiredGap
      ? 'and neither is the faster one three quarters of the time'
      : `although one is the faster one three quarters of the time: ${whyNotSure(lots.length, worth)}`
  return { ratio, sure, verdict: 'AMBIGUOUS', reason: `${interval}, ${doubt}` }
}

/** Where lots are too few, single rounds must do; where there are very many, neighbours are put together. */
function valuesOf(logs: readonly number[], { roundsPerLot, places = 1 }: LotPlan): { lots: number[]; worth: number } {
  const all = lotsOf(logs, roundsPerLot)
  if (all.length < leastLotsToCall) return { lots: [...logs], worth: worthOfOne(logs) }
  const lots = mergedLots(all, mostLots)
  return { lots, worth: Math.max(worthOfOne(lots), worthOfPlaces(all, places)) }
}

function exponential({ value, low, high }: Estimate): Estimate {
  return { value: Math.exp(value), low: Math.exp(low), high: Math.exp(high) }
}

/** Why parts that agree do not suffice. */
function whyNotSure(lots: number, worth: number): string {
  if (worth === 1) return `the rounds are too few for how much they differ`
  return `they wander, each group of rounds resembles the ones before, ${lots} of which say no more than ${Math.max(Math.floor(lots / worth), 1)} independent ones`
}

/** What three quarters of the ratios agree on: positive, by how much the first arm is faster; negative, the second; or 0. */
function gapOf(ratios: readonly number[]): number {
  const ascending = sorted(ratios)
  const [low, high] = [quantile(ascending, 0.25), quantile(ascending, 0.75)]
  if (high < 1) return 1 - high
  return low > 1 ? 1 / low - 1 : 0
}
