import type { DevicePeaks, DispatchReport } from '#contract/inspect.ts'
import type { Row } from '#contract/row.ts'

/** One slope of a roof, and its flat end. */
export interface Roofs {
  levels: { name: string; bytesPerSecond: number }[]
  flopsPerSecond: number
  measuredAt: string
}

/** Something to mark: how many operations for each byte, and where it was timed how many in a second. */
export interface RoofMark {
  name: string
  intensity: number
  flopsPerSecond?: number
  tone: 'kernel' | 'baseline' | 'plain'
  hint: string
}

/** The roof of a shape's element type: from all levels that were measured, else from what a row of this shape knows. */
export function roofsOf(report: DispatchReport, peaks: DevicePeaks | null, row: Row | null): Roofs | null {
  if (peaks) {
    const { f32, f16 } = peaks.flopsPerSecond
    // Halves may be summed up as floats.
    const flopsPerSecond = report.shape.dtype === 'f32' ? f32 : Math.max(f32, f16)
    return { levels: peaks.levels, flopsPerSecond, measuredAt: peaks.measuredAt }
  }
  if (!row?.roof) return null
  const { level, bytesPerSecond, flopsPerSecond, measuredAt } = row.roof
  return { levels: [{ name: level, bytesPerSecond }], flopsPerSecond, measuredAt }
}

/** What a device can do at most at an intensity, by one of its levels. */
export function roofAt({ flopsPerSecond }: Roofs, level: { bytesPerSecond: number }, intensity: number): number {
  return Math.min(flopsPerSecond, intensity * level.bytesPerSecond)
}

/** Decades that hold all values, with some air. */
export function logRange(values: readonly number[]): [number, number] {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value))
  if (positive.length === 0) return [1, 10]
  const low = 10 ** Math.floor(Math.log10(Math.min(...positive) / 1.5))
  const high = 10 ** Math.ceil(Math.log10(Math.max(...positive) * 1.2))
  return [low, Math.max(high, low * 10)]
}

/** A value's place between the ends of a range of decades: 0 to 1. */
export function logPlace(value: number, [low, high]: [number, number]): number {
  return Math.log10(value / low) / Math.log10(high / low)
}

/** Powers of ten in a range, at most `most` of them. */
export function decades([low, high]: [number, number], most = 7): number[] {
  const from = Math.round(Math.log10(low))
  const to = Math.round(Math.log10(high))
  const step = Math.max(1, Math.ceil((to - from) / most))
  const count = Math.floor((to - from) / step)
  return Array.from({ length: count + 1 }, (_, i) => 10 ** (from + i * step))
}

const prefixes = ['', 'k', 'M', 'G', 'T', 'P']

/** A rate by its prefix: `3.2 GFLOP/s`. */
export function rateText(value: number, unit: string): string {
  const power = value < 1 ? 0 : Math.min(prefixes.length - 1, Math.floor(Math.log10(value) / 3))
  const scaled = value / 1000 ** power
  return `${Number(scaled.toPrecision(3))} ${prefixes[power]}${unit}`
}
