import { type Estimate, quantile } from './statistics.ts'

/** Up to so many values the distribution of the signed ranks is counted; beyond, it is normal to within a thousandth. */
const mostCounted = 40

/**
 * How many of the smallest of the n(n+1)/2 averages of two values lie below an interval of this confidence, by Wilcoxon's
 * signed-rank distribution of `count` values that are symmetric about their middle; between two ranks the place is
 * interpolated. 0, the whole range, when even that is not enough.
 */
export function signedRankPlace(count: number, confidence: number): number {
  const averages = (count * (count + 1)) / 2
  if (count > mostCounted) {
    const deviation = Math.sqrt((averages * (2 * count + 1)) / 12)
    return Math.max(averages / 2 - normalQuantile((1 + confidence) / 2) * deviation, 0)
  }
  const outside = (1 - confidence) / 2
  const ways = signedRankWays(count)
  let below = 0
  for (let rank = 0; rank < averages; rank++) {
    const next = below + ways[rank]! / 2 ** count
    if (next > outside) return rank === 0 ? 0 : rank - 1 + (outside - below) / (next - below)
    below = next
  }
  return 0
}

/** In how many of the 2ⁿ ways to give signs to the ranks 1 … n those with a plus add up to each sum. */
function signedRankWays(count: number): Float64Array {
  const ways = new Float64Array((count * (count + 1)) / 2 + 1)
  ways[0] = 1
  for (let rank = 1; rank <= count; rank++)
    for (let sum = ways.length - 1; sum >= rank; sum--) ways[sum]! += ways[sum - rank]!
  return ways
}

/** Of the standard normal distribution, above its middle (Abramowitz and Stegun 26.2.23: to 0.0005). */
function normalQuantile(probability: number): number {
  const t = Math.sqrt(-2 * Math.log(1 - probability))
  const above = 2.515517 + t * (0.802853 + t * 0.010328)
  return t - above / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
}

/** The averages of every two of the values, each with itself too, in ascending order. */
export function pairAverages(values: readonly number[]): Float64Array {
  const averages = new Float64Array((values.length * (values.length + 1)) / 2)
  let at = 0
  for (let i = 0; i < values.length; i++)
    for (let j = i; j < values.length; j++) averages[at++] = (values[i]! + values[j]!) / 2
  return averages.sort()
}

/**
 * The middle of values that are symmetric about it, from their `pairAverages`: the median of those (Hodges and Lehmann
 * 1963), with Wilcoxon's interval. Nearly as sharp as the mean where the values are normal, and a few wild ones move it
 * as little as they move a median. `worth`: how many values make one independent one.
 */
export function middleEstimate(
  averages: Float64Array,
  { count, confidence, worth = 1 }: { count: number; confidence: number; worth?: number },
): Estimate {
  const value = quantile(averages, 0.5)
  const last = averages.length - 1
  const share = signedRankPlace(count, confidence) / Math.max(last, 1)
  const low = quantile(averages, share)
  const high = quantile(averages, 1 - share)
  const widening = Math.sqrt(worth)
  return { value, low: value - (value - low) * widening, high: value + (high - value) * widening }
}
