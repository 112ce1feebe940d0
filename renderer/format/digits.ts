const maxDecimals = 6

/** Decimals that a value known to ± halfWidth deserves: down to the place of the interval's leading digit. */
export function decimalsFor(halfWidth: number): number {
  if (!(halfWidth > 0) || !Number.isFinite(halfWidth)) return 3
  return Math.min(maxDecimals, Math.max(0, -Math.floor(Math.log10(halfWidth))))
}

/** A value cut to what its interval justifies. Above the units place, the digits that carry nothing become zeros. */
export function toInterval(value: number, halfWidth: number): string {
  if (halfWidth >= 10) {
    const step = 10 ** Math.floor(Math.log10(halfWidth))
    return String(Math.round(value / step) * step)
  }
  return value.toFixed(decimalsFor(halfWidth))
}

/** `digits` significant digits, without an exponent below a million. */
export function significant(value: number, digits = 3): string {
  if (value === 0 || !Number.isFinite(value)) return String(value)
  const magnitude = Math.floor(Math.log10(Math.abs(value)))
  if (magnitude >= 6 || magnitude < -4) return value.toExponential(digits - 1)
  return value.toFixed(Math.max(0, digits - 1 - magnitude))
}

export interface Interval {
  value: number
  low: number
  high: number
}

export interface IntervalText {
  value: string
  low: string
  high: string
}

/** A value and the ends of its interval, all to the same place, at which an end above nothing does not read 0. */
export function formatInterval({ value, low, high }: Interval): IntervalText {
  let halfWidth = (high - low) / 2
  if (low > 0 && Number(toInterval(low, halfWidth)) === 0) halfWidth /= 10
  return { value: toInterval(value, halfWidth), low: toInterval(low, halfWidth), high: toInterval(high, halfWidth) }
}
