import { ok, type Result } from '#contract/error.ts'
import type { Mode } from '#contract/row.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { Arm } from '../bridge/run.ts'
import type { Sample } from '../bridge/types.ts'
import type { MeasuredArm } from './measure.ts'
import { type Estimate, medianEstimate } from './statistics.ts'

/** How many dispatches are submitted at once, as far as the budget goes. */
const counts = [1, 2, 4, 8, 16, 32]
const mostRounds = 25
/** Fewer have no 95 % interval. */
const leastRounds = 8
const fewRounds = 15
/** Of all arms together: no more than the samples of a short kernel took; the least plan may go beyond. */
const budgetNs = 2e7
const leastPlanBudgets = 6

/** What the host spends on one more dispatch of each arm, in ns; null for one that takes too long to be repeated. */
export type Overheads = (Estimate | null)[]

/** What to measure: arms and mode of a measurement, and how long one dispatch of each takes. */
export interface OverheadRequest {
  arms: readonly MeasuredArm[]
  mode: Mode
  dispatchNs: readonly number[]
}

/**
 * CPU overhead per dispatch: the slope of T(N) = α + βN, where T is the time to build and hand over N dispatches (in one
 * submission, in `single` mode in N) without waiting for them. Every round submits each N once, in turn, and gives one
 * slope by least squares; the answer is their median. Costs some 20 ms, and a tenth of a second at most.
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
      return medianEstimate(slopesOf(taken))
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

/** Slope of each round, from the samples of each count. */
function slopesOf(taken: readonly Sample[][]): number[] {
  const [shortest] = taken
  return shortest!.map((_, round) => {
    const points = taken.map((samples) => samples[round]!)
    return slopeOf(points.map(({ iterations, encodeNs, commitNs }) => [iterations, encodeNs + commitNs]))
  })
}

/** Of the least-squares line through the points. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const across = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  return across / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}
