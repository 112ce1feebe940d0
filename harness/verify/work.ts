import type { Shape } from '#contract/shape.ts'
import type { ResolvedKernel } from '../catalog/types.ts'

/** Tiles that a kernel names in its parameters, by the extent that they divide. */
export interface TileUnits {
  m: number[]
  n: number[]
  k: number[]
}

/** What a kernel's parameters and its manifest entry say of its tiles; nothing where they use other names. */
export function tileUnits({ launch, params, variant }: ResolvedKernel): TileUnits {
  const names = { ...launch.params, ...params, ...variant?.params }
  const isTile = (value: number | undefined): value is number =>
    value !== undefined && Number.isInteger(value) && value > 1 && value <= 512
  const blocks = names.NBLK === undefined ? [] : [8 * names.NBLK]
  return {
    m: [variant?.tileBM, names.BM, names.bm, names.rows, ...blocks].filter(isTile),
    n: [variant?.tileBN, names.BN, names.bn, ...blocks].filter(isTile),
    k: [variant?.tileBK, names.BK, names.bk].filter(isTile),
  }
}

/**
 * Multiply-adds of one run, with every extent rounded up to the largest tile: what a kernel computes of a shape that fills
 * a corner of a tile. It decides which shapes are affordable, and is the same on every machine.
 */
export function workOf(kernel: ResolvedKernel, { m, n, k, batch }: Shape): number {
  const units = tileUnits(kernel)
  const padded = (extent: number, tiles: readonly number[]) => {
    const tile = Math.max(1, ...tiles)
    return Math.ceil(extent / tile) * tile
  }
  return batch * padded(m, units.m) * padded(n, units.n) * padded(k, units.k)
}
