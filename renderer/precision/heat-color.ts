type Rgb = readonly [number, number, number]

/** Dark blue to yellow, even in lightness (sampled from viridis). */
const ramp: readonly Rgb[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
]

/** Past the bound: colours that the ramp does not have, from just past it to `failDecades` powers of ten. */
const failNear: Rgb = [255, 138, 101]
const failFar: Rgb = [164, 14, 38]
const failDecades = 3
/** Never written, or not a number. */
const missingColor: Rgb = [214, 51, 168]

/** Colour of an error ÷ bound on a ramp that ends at `top`; above 1 it is wrong, whatever the ramp. */
export function heatColor(value: number | null | undefined, top: number): Rgb {
  // The largest float64 stands for an output that is no number.
  if (value === null || value === undefined || !(value >= 0) || value === Number.MAX_VALUE) return missingColor
  if (value > 1) return blend(failNear, failFar, Math.min(1, Math.log10(value) / failDecades))
  const place = Math.min(1, top > 0 ? value / top : 0) * (ramp.length - 1)
  const index = Math.min(ramp.length - 2, Math.floor(place))
  return blend(ramp[index] as Rgb, ramp[index + 1] as Rgb, place - index)
}

function blend(from: Rgb, to: Rgb, fraction: number): Rgb {
  const channel = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * fraction)
  return [channel(0), channel(1), channel(2)]
}

/** End of the ramp for all the values shown together: the largest that passes, rounded up to 1, 2 or 5. */
export function rampTop(values: Iterable<number | null>): number {
  let largest = 0
  for (const value of values) if (value !== null && value <= 1 && value > largest) largest = value
  if (largest === 0) return 1
  const decade = 10 ** Math.floor(Math.log10(largest))
  const top = [1, 2, 5, 10].find((step) => step * decade >= largest) ?? 10
  return Math.min(1, top * decade)
}

const css = (color: Rgb) => `rgb(${color.join(' ')})`

/** The colours as CSS, for a legend. */
export const rampCss = `linear-gradient(to right, ${ramp.map(css).join(', ')})`
export const failCss = `linear-gradient(to right, ${css(failNear)}, ${css(failFar)})`
export const missingCss = css(missingColor)
