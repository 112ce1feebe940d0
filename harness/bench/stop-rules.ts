import type { Row } from '#contract/row.ts'
import { medianEstimate, relativeHalfWidth, worthOfOne } from './statistics.ts'
import { compareArms } from './verdict.ts'

/** When to stop. At least `leastRounds` are taken, whatever they cost; fewer than `convergeFrom` are never enough. */
export interface StopRules {
  leastRounds: number
  /** Converged is never said before so many rounds, in so many chunks, over so much time. */
  convergeFrom: number
  convergeChunks: number
  convergeNs: number
  mostRounds: number
  /** The usual cap of time; the longer one holds where the least rounds leave the verdict open, up to `longRounds`. */
  budgetNs: number
  longBudgetNs: number
  longRounds: number
  /** Relative half-width of the 95 % intervals of the ratio and of the medians. */
  convergedAt: number
}

/** First result within about a second: a third of it is left for compiling and verifying. */
export const defaultStopRules: StopRules = {
  leastRounds: 10,
  convergeFrom: 20,
  convergeChunks: 5,
  convergeNs: 1.5e8,
  mostRounds: 600,
  budgetNs: 6e8,
  longBudgetNs: 4e9,
  longRounds: 60,
  convergedAt: 0.01,
}

/** For a bench among hundreds: where its interval comes out too wide, the row says so, and the pair can be benched alone. */
export const briefStopRules: StopRules = { ...defaultStopRules, budgetNs: 4e8, longBudgetNs: 1.5e9 }

/** What has been taken so far: per arm one time of each round. */
export interface Taken {
  times: readonly (readonly number[])[]
  chunks: number
  elapsedNs: number
}

/** Why to stop now, or null. */
export function stopOf(rules: StopRules, { times, chunks, elapsedNs }: Taken): NonNullable<Row['stop']> | null {
  const rounds = times[0]!.length
  if (rounds < rules.leastRounds) return null
  const isLongEnough = rounds >= rules.convergeFrom && chunks >= rules.convergeChunks && elapsedNs >= rules.convergeNs
  if (isLongEnough && areKnown(times, rules.convergedAt)) return 'converged'
  if (rounds >= rules.mostRounds) return 'sample-cap'
  if (elapsedNs < rules.budgetNs) return null
  const isLongDispatch = rounds < rules.longRounds && elapsedNs < rules.longBudgetNs
  // The same rounds are asked every time: to stop at the first look that shows a winner would find one too often.
  const mayGoOn = isLongDispatch && isOpen(times.map((arm) => arm.slice(0, rules.leastRounds)))
  return mayGoOn ? null : 'time-cap'
}

function areKnown(times: Taken['times'], within: number): boolean {
  const [kernel, baseline] = times
  if (baseline && relativeHalfWidth(compareArms(kernel!, baseline).ratio) > within) return false
  return times.every((arm) => relativeHalfWidth(medianEstimate(arm, 0.95, worthOfOne(arm))) <= within)
}

function isOpen([kernel, baseline]: Taken['times']): boolean {
  return baseline === undefined || compareArms(kernel!, baseline).verdict === 'AMBIGUOUS'
}
