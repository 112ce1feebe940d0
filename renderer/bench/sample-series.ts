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
  const band = (value: number, low = value, high = value): Band => ({
    value: value / scale,
    low: low / scale,
    high: high / scale,
  })
  return {
    unit,
    domain: row.kernel.gpuNs === undefined ? 'CPU' : 'GPU',
    order: Array.from({ length: count }, (_, index) => index + 1),
    kernel: pad(row.kernel.samples),
    baseline: pad(theirs),
    medians: {
      kernel: band(kernelNs, row.kernel.lowNs, row.kernel.highNs),
      baseline: baselineNs === undefined ? null : band(baselineNs, row.baseline.lowNs, row.baseline.highNs),
    },
  }
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
