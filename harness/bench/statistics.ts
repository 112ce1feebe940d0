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
 * median(numerator) ÷ median(denominator) with a 95 % percentile bootstrap interval. Samples taken in one round share
 * the machine's clock and load, so rounds are drawn, not samples. The two arrays are as long as each other.
 */
export function ratioOfMedians(numerator: readonly number[], denominator: readonly number[], seed: number): Estimate {
  const rounds = numerator.length
  const stream = new RandomStream(seed)
  const above = new Float64Array(rounds)
  const below = new Float64Array(rounds)
  const ratios = new Float64Array(resamples)
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < rounds; i++) {
      const round = stream.nextBelow(rounds)
      above[i] = numerator[round]!
      below[i] = denominator[round]!
    }
    ratios[r] = quantile(above.sort(), 0.5) / quantile(below.sort(), 0.5)
  }
  ratios.sort()
  return { value: median(numerator) / median(denominator), low: quantile(ratios, 0.025), high: quantile(ratios, 0.975) }
}
