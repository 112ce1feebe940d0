import { describe, expect, it } from 'vitest'
import { shapeOf } from '../catalog/workspace-fixture.ts'
import { type CountGroups, type Extent, probeAxis } from './probe-grid.ts'

const shape = shapeOf({ m: 70, n: 1000, k: 512, batch: 3 })
type Extents = Record<Extent, number>

const counter =
  (formula: (extents: Extents) => number): CountGroups =>
  (change) =>
    formula({ ...shape, ...change })

const probe = (formula: (extents: Extents) => number) => probeAxis(counter(formula), shape)

describe('probeAxis', () => {
  it('finds the tile however the formula is written', () => {
    const expected = { growths: [{ extent: 'n', tile: 64 }], factor: 1 }
    expect(probe(({ n }) => Math.ceil(n / 64))).toEqual(expected)
    expect(probe(({ n }) => Math.floor((n + 63) / 64))).toEqual(expected)
    expect(probe(({ n }) => 1 + Math.floor((n - 1) / 64))).toEqual(expected)
  })

  it('finds every extent of a flattened axis, and what it is multiplied by', () => {
    const found = probe(({ m, n, batch }) => 2 * Math.ceil(m / 32) * Math.ceil(n / 8) * batch)
    expect(found).toEqual({
      growths: [
        { extent: 'm', tile: 32 },
        { extent: 'n', tile: 8 },
        { extent: 'batch', tile: 1 },
      ],
      factor: 2,
    })
  })

  it('finds nothing in an axis that never grows', () => {
    expect(probe(() => 4)).toEqual({ growths: [], factor: 4 })
  })

  it('refuses what grows in no equal steps', () => {
    expect(probe(({ n }) => Math.min(Math.ceil(n / 8), 16))).toBeNull()
    expect(probe(({ m, n }) => Math.ceil((m * n) / 256))).toBeNull()
    expect(probe(({ n }) => 1 + Math.floor(n / 64))).toBeNull()
    expect(probe(({ m, n }) => Math.ceil(m / 8) + Math.ceil(n / 8))).toBeNull()
  })

  it('refuses a formula without an answer', () => {
    expect(probeAxis(() => null, shape)).toBeNull()
  })
})
