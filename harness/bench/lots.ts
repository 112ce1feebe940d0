import { median } from './statistics.ts'

/** What the order of samples means: so many rounds were taken under one drawing of lots, and each lot in the next place. */
export interface LotPlan {
  roundsPerLot: number
  /** Lots take the copies of the operands in turn; 1 when absent. */
  places?: number
}

/**
 * One value for each drawing of lots, the median of its rounds: who began was a coin's choice, so whatever the clock did
 * to both arms is as likely to have favoured one as the other, independently of every other lot. The last may be shorter.
 */
export function lotsOf(rounds: readonly number[], roundsPerLot: number): number[] {
  return cut(rounds, Math.max(Math.floor(roundsPerLot), 1)).map(median)
}

/** Medians of so many neighbouring lots that there are `most` at most; none is cut in two. */
export function mergedLots(lots: readonly number[], most: number): number[] {
  const size = Math.ceil(lots.length / most)
  return size <= 1 ? [...lots] : cut(lots, size).map(median)
}

/** Medians of `count` stretches as equal as can be; of fewer values, each is one. */
export function stretches(values: readonly number[], count: number): number[] {
  const parts = Math.min(count, values.length)
  const begin = (part: number) => Math.floor((part * values.length) / parts)
  return Array.from({ length: parts }, (_, part) => median(values.slice(begin(part), begin(part + 1))))
}

function cut(values: readonly number[], size: number): number[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size))
}

/**
 * How many lots are worth one because those taken in the same place in memory resemble each other: the variance of the
 * places' means beside that of as many lots drawn at random, by rank, so that a few wild lots make no place. What chance
 * alone brings about in 5 of 6 measurements counts as none.
 */
export function worthOfPlaces(lots: readonly number[], places: number): number {
  if (places < 3 || lots.length < 2 * places) return 1
  const order = lots.map((_, lot) => lot).sort((a, b) => lots[a]! - lots[b]!)
  const middle = (lots.length - 1) / 2
  const sums = new Array<number>(places).fill(0)
  const counts = new Array<number>(places).fill(0)
  order.forEach((lot, rank) => {
    sums[lot % places]! += rank - middle
    counts[lot % places]!++
  })
  const between = sums.reduce((sum, value, place) => sum + value ** 2 / counts[place]!, 0) / (places - 1)
  const worth = between / ((lots.length * (lots.length + 1)) / 12)
  return worth > 1 + Math.sqrt(2 / (places - 1)) ? worth : 1
}
