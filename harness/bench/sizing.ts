import type { Device } from '#contract/device.ts'
import type { Mode } from '#contract/row.ts'

/**
 * Smallest difference that a device's timestamps resolve, ns. cpu: the clock counts in ns and reading it costs about 25;
 * CUDA events: 0.5 µs (CUDA driver documentation, cuEventElapsedTime); Metal: one tick of its 24 MHz clock.
 */
const resolutionNs: Record<Device['kind'], number> = { null: 1, cpu: 50, cuda: 500, metal: 42 }

/** A sample lasts at least this many times the resolution and, where submissions can be shared, the overhead of one. */
const sampleFactor = 20
const shortestSampleNs = 100_000
const mostIterations = 10_000
/** Fewer in one submission would say nothing that `single` does not. */
const leastShared = 8

/** What a probe after warm-up said about one arm: median per iteration. */
export interface Probe {
  deviceNs: number
  /** Host time to build and hand over one submission. */
  overheadNs: number
}

/** What bounds the sizing of one arm. */
export interface SizingLimits {
  mode: Mode
  kind: Device['kind']
  /** Longest useful sample: so that the least number of samples fits the time budget. */
  longestSampleNs: number
}

/**
 * Iterations per sample. `single` pays the overhead at every iteration, so only the clock asks for more; `batched` and
 * `graph` share one submission among the iterations.
 */
export function iterationsFor(probe: Probe, { mode, kind, longestSampleNs }: SizingLimits): number {
  const forOverhead = mode === 'single' ? 0 : sampleFactor * probe.overheadNs
  const wanted = Math.max(sampleFactor * resolutionNs[kind], forOverhead, shortestSampleNs)
  const perIteration = Math.max(probe.deviceNs, 1)
  const affordable = Math.floor(longestSampleNs / perIteration)
  const least = mode === 'single' ? 1 : leastShared
  return Math.max(1, Math.min(Math.max(Math.ceil(wanted / perIteration), least), affordable, mostIterations))
}
