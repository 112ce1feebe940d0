import { significant, toInterval } from './digits.ts'

const timeUnits = [
  { unit: 'ns', ns: 1 },
  { unit: 'µs', ns: 1e3 },
  { unit: 'ms', ns: 1e6 },
  { unit: 's', ns: 1e9 },
] as const

/** The unit in which a time is best read. */
export function timeUnit(ns: number): (typeof timeUnits)[number] {
  return timeUnits.findLast((candidate) => Math.abs(ns) >= candidate.ns) ?? timeUnits[0]
}

/** A time with its unit, cut to what ± halfWidthNs justifies (3 digits when it is not known). */
export function formatTime(ns: number, halfWidthNs?: number): string {
  const { unit, ns: scale } = timeUnit(ns)
  const number = halfWidthNs === undefined ? significant(ns / scale) : toInterval(ns / scale, halfWidthNs / scale)
  return `${number} ${unit}`
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log2(bytes) / 10))
  const scaled = bytes / 1024 ** power
  return `${power === 0 ? scaled : significant(scaled)} ${byteUnits[power]}`
}

/** An error: two digits, scientific below a thousandth; exactly 0 says so. The largest float64 stands for what is no number. */
export function formatError(value: number): string {
  if (value === 0) return '0'
  if (Number.isNaN(value) || value === Number.MAX_VALUE) return 'NaN'
  if (!Number.isFinite(value)) return '∞'
  return Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5 ? value.toExponential(1) : significant(value, 2)
}

/** Largest error ÷ bound; where outputs were never written there is no error to speak of. */
export function formatBound({ bound, unwritten }: { bound: number; unwritten: number }): string {
  return unwritten > 0 ? 'not written' : formatError(bound)
}

/** An output value: enough digits for a float32, short when it is round; null is what was never written. */
export function formatValue(value: number | null | undefined): string {
  if (value === null || value === undefined) return 'NaN'
  return Number.isInteger(value) && Math.abs(value) < 1e9 ? String(value) : Number(value.toPrecision(7)).toString()
}

export function formatPercent(fraction: number): string {
  return `${significant(fraction * 100, fraction < 0.1 ? 2 : 3)} %`
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US')
}
