import { RandomStream } from '../verify/random-stream.ts'

/** A value with the ends of its 95 % interval. */
export interface Estimate {
  value: number
  low: number
  high: number
}

/** Copy of the samples in ascending order. */
export function sorted(samples: readonly number[] | Float64Array): Float64Array {
  return Float64Array.from(samples).sort()
}

/** Quantile `q` of ascending samples by linear interpolation between order statistics (type 7). NaN when empty. */
export function quantile(ascending: Float64Array, q: number): number {
  if (ascending.length === 0) return Number.NaN
  const at = (ascending.length - 1) * q
  const below = Math.floor(at)
  const low = ascending[below]!
  return low + (at - below) * (ascending[Math.min(below + 1, ascending.length - 1)]! - low)
}

/** Median of samples in any order. */
export function median(samples: readonly number[] | Float64Array): number {
  return quantile(sorted(samples), 0.5)
}

/**
 * Ranks (0-based) of the order statistics between which the median lies with at least 95 % confidence, whatever the
 * distribution: the r-th smallest and r-th largest with the largest r for which P(Binomial(n, ½) < r) ≤ 2.5 %.
 * Below 6 samples no such pair exists and the whole range is answered.
 */
export function medianRanks(count: number): { low: number; high: number } {
  let probability = 2 ** -count
  let cumulative = probability
  let rank = 0
  while (cumulative <= 0.025 && rank < count / 2) {
    rank++
    probability *= (count - rank + 1) / rank
    cumulative += probability
  }
  const low = Math.max(rank - 1, 0)
  return { low, high: Math.max(count - 1 - low, 0) }
}

/** Median with its distribution-free 95 % interval. */
export function medianEstimate(samples: readonly number[]): Estimate {
  const ascending = sorted(samples)
  const ranks = medianRanks(ascending.length)
  return {
    value: quantile(ascending, 0.5),
    low: ascending[ranks.low] ?? Number.NaN,
    high: ascending[ranks.high] ?? Number.NaN,
  }
}

/** Half the width of an estimate's interval, as a share of its value. */
export function relativeHalfWidth(estimate: Estimate): number {
  return (estimate.high - estimate.low) / 2 / estimate.value
}

const resamples = 1000

/**
 * How many consecutive rounds go together when rounds are drawn: 1 where one says nothing about the next, more where the
 * ratio wanders (a neighbour comes and goes, the clock rises), because then n rounds are worth fewer than n. A median
 * only counts who is above it, so that is asked: how much more often than by chance a round is on the same side of the
 * median ratio as the one before it. For a first-order process that share gives its correlation ρ, and (1 + ρ) ÷ (1 − ρ)
 * rounds make one independent observation. At most a quarter of the rounds.
 */
export function blockLength(numerator: readonly number[], denominator: readonly number[]): number {
  const ratios = numerator.map((value, i) => value / denominator[i]!)
  const middle = median(ratios)
  const sides = ratios.map((ratio) => Math.sign(ratio - middle))
  const agreement = sides.slice(1).reduce((sum, side, i) => sum + side * sides[i]!, 0) / Math.max(sides.length - 1, 1)
  const correlation = Math.min(Math.max(Math.sin((Math.PI / 2) * agreement), 0), 0.99)
  const wanted = Math.round((1 + correlation) / (1 - correlation))
  return Math.max(1, Math.min(wanted, Math.floor(ratios.length / 4)))
}

/**
 * median(numerator) ÷ median(denominator) with a 95 % percentile bootstrap interval. Samples taken in one round share
 * the machine's clock and load, so rounds are drawn, not samples, and in blocks where neighbours resemble each other.
 * The two arrays are as long as each other.
 */
export function ratioOfMedians(numerator: readonly number[], denominator: readonly number[], seed: number): Estimate {
  const rounds = numerator.length
  const block = blockLength(numerator, denominator)
  const stream = new RandomStream(seed)
  const above = new Float64Array(rounds)
  const below = new Float64Array(rounds)
  const ratios = new Float64Array(resamples)
  for (let r = 0; r < resamples; r++) {
    let start = 0
    for (let i = 0; i < rounds; i++) {
      if (i % block === 0) start = stream.nextBelow(rounds)
      const round = (start + (i % block)) % rounds
      above[i] = numerator[round]!
      below[i] = denominator[round]!
    }
    ratios[r] = quantile(above.sort(), 0.5) / quantile(below.sort(), 0.5)
  }
  ratios.sort()
  return { value: median(numerator) / median(denominator), low: quantile(ratios, 0.025), high: quantile(ratios, 0.975) }
}
