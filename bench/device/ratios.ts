import { type Estimate, median, medianEstimate } from '#harness/bench/statistics.ts'
import type { Case } from './cases.ts'
import type { Measured, Outcome } from './measure.ts'
import { findSide, type SideName } from './side.ts'

/** Which side, with how many threads. */
export type SideKey = readonly [name: SideName, threads: number]

/** Floating-point operations, or bytes of the matrix, of one iteration. OpenBLAS always reads floats. */
export function workOf({ family, m, n, k, dtype }: Case, name: SideName): number {
  if (family === 'sgemm') return 2 * m * n * k
  return n * k * (dtype === 'f32' || name === 'OpenBLAS' ? 4 : 2)
}

/** GFLOP/s of a product, GB/s of the matrix for a vector times a matrix: of the median sample. NaN without samples. */
export function speedOf(one: Case, { name, laps }: Outcome): number {
  return workOf(one, name) / median(laps.map(({ ns }) => ns))
}

/**
 * How many times as fast as `other` a side is: the median over the rounds of the ratio within a round, with its 95 %
 * interval. For a vector times a matrix a ratio of bytes per second. Null when either was not measured.
 */
export function ratioOf({ one, outcomes }: Measured, side: SideKey, other: SideKey): Estimate | null {
  const [above, below] = [findSide(outcomes, ...side), findSide(outcomes, ...other)]
  if (!above || !below || above.laps.length === 0 || below.laps.length === 0) return null
  const work = workOf(one, above.name) / workOf(one, below.name)
  return medianEstimate(above.laps.map(({ ns }, round) => (work * below.laps[round]!.ns) / ns))
}

/**
 * A/A spread: by how much a sample typically differs from the next one of the same side, as a share. Differences below
 * it between single samples mean nothing. NaN below two samples.
 */
export function spreadOf({ laps }: Outcome): number {
  return median(laps.slice(1).map(({ ns }, i) => Math.abs(ns / laps[i]!.ns - 1)))
}

/** Geometric mean; its interval as if the errors of the parts were independent. Null for none. */
export function geometricMean(estimates: readonly Estimate[]): Estimate | null {
  if (estimates.length === 0) return null
  const mean = (logs: number[]) => logs.reduce((sum, log) => sum + log, 0) / logs.length
  const middle = mean(estimates.map(({ value }) => Math.log(value)))
  const reach = (end: (one: Estimate) => number) =>
    Math.hypot(...estimates.map((one) => Math.log(end(one) / one.value))) / estimates.length
  return {
    value: Math.exp(middle),
    low: Math.exp(middle - reach(({ low }) => low)),
    high: Math.exp(middle + reach(({ high }) => high)),
  }
}
