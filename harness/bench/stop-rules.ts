import type { Row } from '#contract/row.ts'
import { medianEstimate, relativeHalfWidth, roundRatios, worthOfOne } from './statistics.ts'
import { compareArms, leastLotsToCall } from './verdict.ts'

/** When to stop. At least `leastRounds` are taken, whatever they cost; fewer than `convergeFrom` are never enough. */
export interface StopRules {
  leastRounds: number
  /** Converged is never said before so many rounds, in so many chunks, over so much time. */
  convergeFrom: number
  convergeChunks: number
  convergeNs: number
  mostRounds: number
  /** The usual cap of time; the longer one holds where the first lots leave the verdict open, up to `longRounds`. */
  budgetNs: number
  longBudgetNs: number
  longRounds: number
  /** Relative half-width of the 95 % intervals of the ratio and of the medians; of the ratio's 99.6 %, twice that. */
  convergedAt: number
}

/** First result within about a second: a third of it is left for compiling and verifying. */
export const defaultStopRules: StopRules = {
  leastRounds: 10,
  convergeFrom: 20,
  convergeChunks: 10,
  convergeNs: 1.5e8,
  mostRounds: 600,
  budgetNs: 6e8,
  longBudgetNs: 4e9,
  longRounds: 200,
  convergedAt: 0.01,
}

/** For a bench among hundreds: where its interval comes out too wide, the row says so, and the pair can be benched alone. */
export const briefStopRules: StopRules = { ...defaultStopRules, budgetNs: 3.5e8, longBudgetNs: 1.5e9 }

/** By so much, in every one of the first rounds, arms differ that need no more of them. */
const plainlyApart = 1.2

/** What has been taken so far: per arm one time of each round. */
export interface Taken {
  times: readonly (readonly number[])[]
  roundsPerLot: number
  chunks: number
  elapsedNs: number
}

/** Why to stop now, or null. */
export function stopOf(rules: StopRules, taken: Taken): NonNullable<Row['stop']> | null {
  const { times, chunks, elapsedNs } = taken
  const rounds = times[0]!.length
  if (rounds < rules.leastRounds) return null
  const isLongEnough = rounds >= rules.convergeFrom && chunks >= rules.convergeChunks && elapsedNs >= rules.convergeNs
  if (isLongEnough && areKnown(taken, rules.convergedAt)) return 'converged'
  if (rounds >= rules.mostRounds) return 'sample-cap'
  if (elapsedNs < rules.budgetNs) return null
  const mayGoOn = rounds < rules.longRounds && elapsedNs < rules.longBudgetNs && isOpen(taken, rules.leastRounds)
  return mayGoOn ? null : 'time-cap'
}

function areKnown({ times, roundsPerLot }: Taken, within: number): boolean {
  const [kernel, baseline] = times
  if (baseline) {
    const { ratio, sure } = compareArms(kernel!, baseline, roundsPerLot)
    if (relativeHalfWidth(ratio) > within || relativeHalfWidth(sure) > 2 * within) return false
  }
  return times.every((arm) => relativeHalfWidth(medianEstimate(arm, 0.95, worthOfOne(arm))) <= within)
}

/** The same rounds are asked every time: to stop at the first look that shows a winner would find one too often. */
function isOpen({ times, roundsPerLot }: Taken, leastRounds: number): boolean {
  const [kernel, baseline] = times
  if (baseline === undefined) return false
  const ratios = roundRatios(kernel!.slice(0, leastRounds), baseline)
  if (Math.min(...ratios) > plainlyApart || Math.max(...ratios) < 1 / plainlyApart) return false
  const enough = leastLotsToCall * roundsPerLot
  if (kernel!.length < enough) return true
  return compareArms(kernel!.slice(0, enough), baseline.slice(0, enough), roundsPerLot).verdict === 'AMBIGUOUS'
}
