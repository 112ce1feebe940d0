import type { Row } from '#contract/row.ts'
import { timeUnit } from '../format/quantity.ts'

export interface SampleSeries {
  unit: string
  domain: 'GPU' | 'CPU'
  /** 1-based order in which the samples were taken. */
  order: number[]
  kernel: (number | null)[]
  baseline: (number | null)[]
  medians: { kernel: Band; baseline: Band | null }
  /** Where the axis ends at first, so that a few late samples do not flatten all others. */
  axisTop: number
  /** How many samples lie past it. */
  beyondCount: number
}

export interface Band {
  value: number
  low: number
  high: number
}

/** Both arms' samples in one readable unit, padded to the longer; null when the kernel has no time. */
export function sampleSeries(row: Row): SampleSeries | null {
  const kernelNs = row.kernel?.gpuNs ?? row.kernel?.cpuNs
  if (!row.kernel || kernelNs === undefined) return null
  const { unit, ns: scale } = timeUnit(kernelNs)
  const baselineNs = row.baseline.gpuNs ?? row.baseline.cpuNs
  const theirs = row.baseline.samples ?? []
  const count = Math.max(row.kernel.samples.length, theirs.length)
  const pad = (samples: readonly number[]) =>
    Array.from({ length: count }, (_, index) => (index < samples.length ? (samples[index] ?? 0) / scale : null))
  const kernel = pad(row.kernel.samples)
  const baseline = pad(theirs)
  const axisTop = Math.max(fence(kernel), fence(baseline))
  const band = (value: number, low = value, high = value): Band => ({
    value: value / scale,
    low: low / scale,
    high: high / scale,
  })
  return {
    unit,
    domain: row.kernel.gpuNs === undefined ? 'CPU' : 'GPU',
    order: Array.from({ length: count }, (_, index) => index + 1),
    kernel,
    baseline,
    axisTop,
    beyondCount: [...kernel, ...baseline].filter((value) => value !== null && value > axisTop).length,
    medians: {
      kernel: band(kernelNs, row.kernel.lowNs, row.kernel.highNs),
      baseline: baselineNs === undefined ? null : band(baselineNs, row.baseline.lowNs, row.baseline.highNs),
    },
  }
}

/** The largest value, unless it lies far above the third quartile: then where far begins. */
function fence(samples: readonly (number | null)[]): number {
  const sorted = samples.filter((value) => value !== null).sort((a, b) => a - b)
  const at = (fraction: number) => sorted[Math.floor((sorted.length - 1) * fraction)] ?? 0
  const spread = Math.max(at(0.75) - at(0.25), at(0.5) * 0.02)
  return Math.min(at(1), at(0.75) + 5 * spread)
}

/** Counts of values in `bins` equal steps from low to high. */
export function histogram(
  values: readonly (number | null)[],
  { low, high, bins }: { low: number; high: number; bins: number },
): number[] {
  const counts = new Array<number>(bins).fill(0)
  for (const value of values) {
    if (value === null || value < low || value > high) continue
    const bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts
}
