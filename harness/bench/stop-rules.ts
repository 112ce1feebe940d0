import type { Row } from '#contract/row.ts'
import type { LotPlan } from './lots.ts'
import { medianEstimate, relativeHalfWidth, roundRatios, worthOfOne } from './statistics.ts'
import { type Comparison, compareArms, leastLotsToCall } from './verdict.ts'

/** When to stop. At least `leastRounds` are taken, whatever they cost; fewer than `convergeFrom` are never enough. */
export interface StopRules {
  leastRounds: number
  /** Converged is never said before so many rounds, in so many chunks, over so much time. */
  convergeFrom: number
  convergeChunks: number
  convergeNs: number
  mostRounds: number
  /** So many are spread over the usual time: of short dispatches more would fit, and say no more. */
  usualRounds: number
  /** The usual cap of time; the longer one holds until the ratio is known as closely as the first lots make it worth. */
  budgetNs: number
  longBudgetNs: number
  /** Half-width of the ratio's 99.8 % interval by which a twentieth is found in nine of ten measurements. */
  closeEnough: number
  /** Relative half-width of the 95 % intervals of the ratio and of the medians; of the ratio's 99.8 %, twice that. */
  convergedAt: number
}

/** First result within about a second: a third of it is left for compiling and verifying. */
export const defaultStopRules: StopRules = {
  leastRounds: 10,
  convergeFrom: 20,
  convergeChunks: 20,
  convergeNs: 3e8,
  mostRounds: 1200,
  usualRounds: 600,
  budgetNs: 6e8,
  longBudgetNs: 8e9,
  closeEnough: 0.025,
  convergedAt: 0.01,
}

/** For a bench among hundreds: where its interval comes out too wide, the row says so, and the pair can be benched alone. */
export const briefStopRules: StopRules = { ...defaultStopRules, budgetNs: 3.5e8, longBudgetNs: 1.5e9 }

/** By so much, in every one of the first rounds, arms differ that need no more of them. */
const plainlyApart = 1.2

/** What has been taken so far: per arm one time of each round. */
export interface Taken {
  times: readonly (readonly number[])[]
  plan: LotPlan
  chunks: number
  elapsedNs: number
  /** False between two looks: only the caps are asked then. */
  isLook?: boolean
}

/** Why to stop now, or null. */
export function stopOf(rules: StopRules, taken: Taken): NonNullable<Row['stop']> | null {
  const { times, plan, chunks, elapsedNs, isLook = true } = taken
  const rounds = times[0]!.length
  const isOver = rounds >= rules.mostRounds || elapsedNs >= rules.longBudgetNs
  if (rounds < rules.leastRounds || !(isLook || isOver)) return null
  const isLongEnough = rounds >= rules.convergeFrom && chunks >= rules.convergeChunks && elapsedNs >= rules.convergeNs
  if (rounds < rules.mostRounds && !isLongEnough && elapsedNs < rules.budgetNs) return null
  const [kernel, baseline] = times
  const comparison = baseline ? compareArms(kernel!, baseline, plan) : null
  if (isLongEnough && areKnown(times, comparison, rules.convergedAt)) return 'converged'
  if (rounds >= rules.mostRounds) return 'sample-cap'
  if (elapsedNs < rules.budgetNs) return null
  const mayGoOn = comparison && elapsedNs < rules.longBudgetNs
  return mayGoOn && isWorthMore(taken, comparison, rules) ? null : 'time-cap'
}

function areKnown(times: Taken['times'], comparison: Comparison | null, within: number): boolean {
  if (comparison && relativeHalfWidth(comparison.ratio) > within) return false
  if (comparison && relativeHalfWidth(comparison.sure) > 2 * within) return false
  return times.every((arm) => relativeHalfWidth(medianEstimate(arm, 0.95, worthOfOne(arm))) <= within)
}

/**
 * How closely the ratio is to be known is asked of the first rounds, and always of the same: the more they differ, the
 * less it takes. From then on the width of the interval alone is looked at. To stop at the first look that shows a winner
 * would find one too often.
 */
function isWorthMore({ times, plan }: Taken, { sure }: Comparison, rules: StopRules): boolean {
  const [kernel, baseline] = times
  const ratios = roundRatios(kernel!.slice(0, rules.leastRounds), baseline!)
  if (Math.min(...ratios) > plainlyApart || Math.max(...ratios) < 1 / plainlyApart) return false
  const pilot = leastLotsToCall * plan.roundsPerLot
  if (kernel!.length < pilot) return true
  const first = compareArms(kernel!.slice(0, pilot), baseline!.slice(0, pilot), plan)
  return relativeHalfWidth(sure) > Math.max(rules.closeEnough, Math.abs(Math.log(first.ratio.value)) / 2)
}
