import { medianEstimate, relativeHalfWidth } from '#harness/bench/statistics.ts'
import { RandomStream } from '#harness/verify/random-stream.ts'
import type { Lap, Side } from './side.ts'

/** When enough rounds are taken. */
export interface StopRule {
  /** Fewer have no 95 % interval of a median. */
  leastRounds: number
  mostRounds: number
  /** No further round begins after it, once there are `leastRounds`. */
  budgetMs: number
  /** Of the 95 % interval of every ratio that is watched, as a share of the ratio. */
  halfWidth: number
}

export const stopRule: StopRule = { leastRounds: 6, mostRounds: 100, budgetMs: 4000, halfWidth: 0.02 }

const sampleNs = 10e6 // what a sample should take
const mostIterations = 400

type Runner = Pick<Side, 'run'>

/** A ratio to watch, as the positions of two sides. */
export type Pair = readonly [number, number]

/** How often each side runs for a sample. Also warms it up: code, stacks and caches are touched for the first time. */
async function size(sides: readonly Runner[]): Promise<number[]> {
  const iterations: number[] = []
  for (const side of sides) {
    await side.run(1)
    const { ns } = await side.run(1)
    iterations.push(Math.max(1, Math.min(mostIterations, Math.round(sampleNs / ns))))
  }
  return iterations
}

function isKnown(laps: readonly Lap[][], pairs: readonly Pair[], halfWidth: number): boolean {
  return pairs.every(([one, other]) => {
    const ratios = laps[one]!.map(({ ns }, round) => ns / laps[other]![round]!.ns)
    return relativeHalfWidth(medianEstimate(ratios)) <= halfWidth
  })
}

/**
 * Takes a sample of every side per round, in an order drawn anew each round, until all watched ratios are known or the
 * budget is spent. Answers the samples by side and round.
 */
export async function takeRounds(sides: readonly Runner[], pairs: readonly Pair[], rule: StopRule): Promise<Lap[][]> {
  const laps: Lap[][] = sides.map(() => [])
  if (sides.length === 0) return laps
  const iterations = await size(sides)
  const stream = new RandomStream(1)
  const start = performance.now()
  for (let round = 1; round <= rule.mostRounds; round++) {
    for (const at of shuffled(sides.length, stream)) laps[at]!.push(await sides[at]!.run(iterations[at]!))
    if (round < rule.leastRounds) continue
    if (performance.now() - start >= rule.budgetMs || isKnown(laps, pairs, rule.halfWidth)) break
  }
  return laps
}

function shuffled(count: number, stream: RandomStream): number[] {
  const order = Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const other = stream.nextBelow(i + 1)
    const kept = order[i]!
    order[i] = order[other]!
    order[other] = kept
  }
  return order
}
