import { ok, type Result } from '#contract/error.ts'
import type { Mode } from '#contract/row.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { Arm } from '../bridge/run.ts'
import type { Sample } from '../bridge/types.ts'
import type { MeasuredArm } from './measure.ts'
import { type Estimate, quantile, sorted } from './statistics.ts'

/** How many dispatches are submitted at once, as far as the budget goes. */
const counts = [1, 2, 4, 8, 16, 32]
const mostRounds = 25
/** Fewer have no quarter to speak of. */
const leastRounds = 8
const fewRounds = 15
/** Of all arms together: a fraction of what the samples took; the least plan may go beyond. */
const budgetNs = 1e7
const leastPlanBudgets = 4

/** Whatever comes between makes a submission longer, never shorter: of each count its undisturbed quarter is asked. */
const calmShare = 0.25
const resamples = 500

/** What the host spends on one more dispatch, in ns, or in one sentence why that could not be told from nothing. */
export type Overhead = { estimate: Estimate } | { unresolved: string }

/** Of each arm; null for one that takes too long to be repeated. */
export type Overheads = (Overhead | null)[]

/** What to measure: arms and mode of a measurement, and how long one dispatch of each takes. */
export interface OverheadRequest {
  arms: readonly MeasuredArm[]
  mode: Mode
  dispatchNs: readonly number[]
}

/**
 * CPU overhead per dispatch: the slope of T(N) = α + βN, where T is the time to build and hand over N dispatches (in one
 * submission, in `single` mode in N) without waiting for them. Every round submits each N once, in turn; the line is laid
 * by least squares through the lower quartile of each N over the rounds, and its interval found by drawing the rounds
 * anew. A slope below 0, or known less well than to its own size, is not resolved. Costs some 10 ms,
 * and 40 at most.
 */
export async function measureOverhead(device: DeviceHandle, request: OverheadRequest): Promise<Result<Overheads>> {
  const plans = request.dispatchNs.map((ns) => planOf(ns / (budgetNs / request.arms.length)))
  const rounds = Math.min(...plans.map((plan) => plan?.rounds ?? mostRounds))
  const arms: Arm[] = request.arms.flatMap(
    (sets, arm) =>
      plans[arm]?.counts.map((iterations) => ({ sets: sets.map((dispatch) => [dispatch]), iterations })) ?? [],
  )
  if (arms.length === 0) return ok(plans.map(() => null))
  const run = await device.run({ arms, mode: request.mode, rounds, hasHostTimes: true })
  if (!run.ok) return run
  let first = 0
  return ok(
    plans.map((plan) => {
      if (!plan) return null
      const taken = plan.counts.map((_, i) => run.value.filter(({ arm }) => arm === first + i))
      first += plan.counts.length
      return overheadOf(taken)
    }),
  )
}

interface Plan {
  counts: number[]
  rounds: number
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0)

/** As many counts, then as many rounds, as a dispatch that takes `share` of the budget allows. */
function planOf(share: number): Plan | null {
  for (let kept = counts.length; kept >= 2; kept--) {
    const chosen = counts.slice(0, kept)
    const rounds = Math.min(Math.floor(1 / (share * total(chosen))), mostRounds)
    if (rounds >= fewRounds) return { counts: chosen, rounds }
  }
  const least = counts.slice(0, 2)
  return share * total(least) * leastRounds <= leastPlanBudgets ? { counts: least, rounds: leastRounds } : null
}

/** From the samples of each count, round by round. */
function overheadOf(taken: readonly Sample[][]): Overhead {
  return resolveSlope(
    taken.map((samples) => ({
      count: samples[0]!.iterations,
      hostNs: samples.map(({ encodeNs, commitNs }) => encodeNs + commitNs),
    })),
  )
}

/** What N dispatches took the host in each round. */
export interface CountTimes {
  count: number
  hostNs: readonly number[]
}

/** Slope over the counts with its 95 % interval by bootstrap over the rounds, which all counts must have as many of. */
export function resolveSlope(counts: readonly CountTimes[]): Overhead {
  const rounds = counts[0]!.hostNs.length
  // Sorted once: a draw only says how often each round counts.
  const ranked = counts.map(({ count, hostNs }) => ({ count, ranks: rankedTimes(hostNs) }))
  const slope = (times: Uint16Array) =>
    slopeOf(ranked.map(({ count, ranks }) => [count, calmTime(ranks, { times, rounds })]))
  const random = seededRandom()
  const drawn = Array.from({ length: resamples }, () => {
    const times = new Uint16Array(rounds)
    for (let i = 0; i < rounds; i++) times[Math.floor(random() * rounds)]!++
    return slope(times)
  })
  const slopes = sorted(drawn)
  const every = slope(new Uint16Array(rounds).fill(1))
  const [value, low, high] = [every, quantile(slopes, 0.025), quantile(slopes, 0.975)].map(toPicoseconds)
  if (value! >= 0 && high! - low! <= value!) return { estimate: { value: value!, low: low!, high: high! } }
  return {
    unresolved: `not resolved: ${value!.toFixed(0)} ns (95 %: ${low!.toFixed(0)} to ${high!.toFixed(0)}), an interval wider than the value or a value below 0`,
  }
}

interface RankedTime {
  round: number
  ns: number
}

function rankedTimes(hostNs: readonly number[]): RankedTime[] {
  return hostNs.map((ns, round) => ({ round, ns })).sort((a, b) => a.ns - b.ns)
}

/** The quantile `calmShare` of the rounds, each taken so many times, `rounds` in all; between two as quantile() does. */
function calmTime(ranks: readonly RankedTime[], { times, rounds }: { times: Uint16Array; rounds: number }): number {
  const place = (rounds - 1) * calmShare
  const below = Math.floor(place)
  let passed = 0
  let low = Number.NaN
  for (const { round, ns } of ranks) {
    passed += times[round]!
    if (Number.isNaN(low) && passed > below) low = ns
    if (passed > below + 1) return low + (place - below) * (ns - low)
  }
  return low
}

/** No clock says more, and a slope of exactly 0 stays one. */
const toPicoseconds = (ns: number) => Math.round(ns * 1000) / 1000 + 0

/** The same draws in every run (Lehmer's generator), so that the same samples always give the same interval. */
function seededRandom(): () => number {
  let state = 1
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

/** Of the least-squares line through the points. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const across = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  return across / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}
