import type { Shape } from '#contract/shape.ts'

/** An extent of the product that a grid may grow with. */
export const extents = ['m', 'n', 'k', 'batch'] as const
export type Extent = (typeof extents)[number]

/** Threadgroups along one axis for other extents of the same product; null where the launch's formula has no answer. */
export type CountGroups = (change: Partial<Record<Extent, number>>) => number | null

/** How often an axis grows with an extent: by one factor every `tile` of it. */
export interface Growth {
  extent: Extent
  tile: number
}

/** An axis of `factor` × Π ⌈extent ÷ tile⌉ threadgroups. */
export interface AxisGrowth {
  growths: Growth[]
  factor: number
}

/** Beyond it an axis is taken not to depend on an extent. */
const farthest = 2 ** 22

/** The largest extent that still has as many threadgroups as an extent of 1 has; null when the axis never grows. */
function firstStep(count: CountGroups, extent: Extent): number | null {
  const base = count({ [extent]: 1 })
  if (base === null) return null
  let over = 2
  while (over <= farthest && count({ [extent]: over }) === base) over *= 2
  if (over > farthest) return null
  let [fits, grows] = [over / 2, over]
  while (grows - fits > 1) {
    const middle = Math.floor((fits + grows) / 2)
    if (count({ [extent]: middle }) === base) fits = middle
    else grows = middle
  }
  return fits
}

/** The extents at which a tile is held against the formula: around its own multiples, and the shape's. */
const probesOf = (tile: number, own: number) => [tile, tile + 1, 2 * tile, 2 * tile + 1, 7 * tile + 3, own]

/**
 * How an axis grows with the extents of a product, found by asking its formula: `ceilDiv(n, 64)` and
 * `floor((n + BN - 1) / BN)` are the same to it. Null where it grows in no such way: in steps that are not equal, or up to
 * an end.
 */
export function probeAxis(count: CountGroups, shape: Shape): AxisGrowth | null {
  const growths: Growth[] = []
  for (const extent of extents) {
    const base = count({ [extent]: 1 })
    const tile = firstStep(count, extent)
    if (base === null) return null
    if (tile === null) {
      if (count({}) !== base) return null
      continue
    }
    const isEven = probesOf(tile, shape[extent]).every(
      (value) => count({ [extent]: value }) === base * Math.ceil(value / tile),
    )
    if (!isEven) return null
    growths.push({ extent, tile })
  }
  const factor = count({ m: 1, n: 1, k: 1, batch: 1 })
  if (factor === null) return null
  const product = growths.reduce((all, { extent, tile }) => all * Math.ceil(shape[extent] / tile), factor)
  return product === count({}) ? { growths, factor } : null
}
