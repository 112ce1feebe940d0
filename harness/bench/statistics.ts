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

/** The value at a place between two order statistics, counted from 0; NaN when empty. */
function at(ascending: Float64Array, place: number): number {
  if (ascending.length === 0) return Number.NaN
  const below = Math.floor(place)
  const low = ascending[below]!
  return low + (place - below) * (ascending[Math.min(below + 1, ascending.length - 1)]! - low)
}

/** Quantile `q` of ascending samples by linear interpolation between order statistics (type 7). NaN when empty. */
export function quantile(ascending: Float64Array, q: number): number {
  return at(ascending, (ascending.length - 1) * q)
}

/** Median of samples in any order. */
export function median(samples: readonly number[] | Float64Array): number {
  return quantile(sorted(samples), 0.5)
}

/**
 * How far from either end of `count` ascending samples the median's interval begins, whatever the distribution: between
 * the k-th smallest and the k-th largest the median lies with probability 1 − 2·P(Binomial(n, ½) < k), and between two
 * neighbouring k the place is interpolated as Hettmansperger and Sheather (1986) do, which misses the confidence by
 * tenths of a percent. 0, the whole range, when even that is not enough.
 */
export function medianPlace(count: number, confidence: number): number {
  let probability = 2 ** -count
  let confident = 1 - 2 * probability
  for (let k = 1; k <= count / 2; k++) {
    probability *= (count - k + 1) / k
    const next = confident - 2 * probability
    if (next < confidence) {
      const share = Math.max(confident - confidence, 0) / (confident - next)
      return confident < confidence ? 0 : k - 1 + ((count - k) * share) / (k + (count - 2 * k) * share)
    }
    confident = next
  }
  return 0
}

/** Median with its distribution-free interval. `worth`: how many samples make one independent one, see worthOfOne. */
export function medianEstimate(samples: readonly number[], confidence = 0.95, worth = 1): Estimate {
  const ascending = sorted(samples)
  const last = ascending.length - 1
  const reach = (last / 2 - medianPlace(ascending.length, confidence)) * Math.sqrt(worth)
  const place = Math.max(last / 2 - reach, 0)
  return { value: quantile(ascending, 0.5), low: at(ascending, place), high: at(ascending, Math.max(last - place, 0)) }
}

/** Half the width of an estimate's interval, as a share of its value. */
export function relativeHalfWidth(estimate: Estimate): number {
  return (estimate.high - estimate.low) / 2 / estimate.value
}

/**
 * How many samples in a row are worth one: 1 where a sample says nothing about the next, more where they wander (a
 * neighbour comes and goes), because an interval that takes them for independent is then too narrow. A median only counts
 * who is above it, so that is asked: how much more often than by chance a sample is on the same side as the one before
 * it. For a first-order process that share gives its correlation ρ, and (1 + ρ) ÷ (1 − ρ) samples make one. What chance
 * alone brings about counts as well: short series that wander seldom show it clearly. Less than none counts as none.
 */
export function worthOfOne(samples: readonly number[]): number {
  const middle = median(samples)
  const sides = samples.map((sample) => Math.sign(sample - middle))
  const pairs = Math.max(sides.length - 1, 1)
  const agreement = sides.slice(1).reduce((sum, side, i) => sum + side * sides[i]!, 0) / pairs
  if (agreement <= 0) return 1
  const correlation = Math.min(Math.sin((Math.PI / 2) * agreement), 0.99)
  return (1 + correlation) / (1 - correlation)
}

/** What the samples of a round are to each other: the two share the machine's clock and load. As long as the shorter one. */
export function roundRatios(numerator: readonly number[], denominator: readonly number[]): number[] {
  return numerator.slice(0, denominator.length).map((value, round) => value / denominator[round]!)
}
