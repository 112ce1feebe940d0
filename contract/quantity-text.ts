import type { Row } from './row.ts'

/** A time as people read it: `850 ns`, `12.3 µs`, `4.56 ms`, `1.20 s`. */
export function formatNs(ns: number): string {
  const [scale, unit] = ns < 1e3 ? [1, 'ns'] : ns < 1e6 ? [1e3, 'µs'] : ns < 1e9 ? [1e6, 'ms'] : [1e9, 's']
  return `${unit === 'ns' ? Math.round(ns) : (ns / scale).toPrecision(3)} ${unit}`
}

/** How long ago, in one unit: `12 s`, `3 min`, `5 h`, `9 d`. */
export function formatAge(iso: string, nowMs: number): string {
  const seconds = Math.max(0, (nowMs - Date.parse(iso)) / 1000)
  if (seconds < 60) return `${Math.floor(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`
}

/** A ratio with its 95 % interval: `0.512 [0.498, 0.527]`. */
export function formatRatio({ value, low, high }: NonNullable<Row['ratio']>): string {
  return `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
}
