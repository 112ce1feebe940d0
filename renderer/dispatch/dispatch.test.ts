import { describe, expect, it } from 'vitest'
import { type Shape, shapeSchema } from '#contract/shape.ts'
import { fakeDispatch, fakePeaks } from '../dev/fake-dispatch.ts'
import { layoutGrid, tileAt, visibleCells } from './grid-layout.ts'
import { decades, logPlace, logRange, rateText, roofAt, roofsOf } from './roofline-scale.ts'

const reportOf = (shape: Partial<Shape>) =>
  fakeDispatch('gemm/tiled', { shape: shapeSchema.parse({ m: 70, n: 100, k: 64, ...shape }), device: 'cpu' })

function tilingOf(shape: Partial<Shape>) {
  const { tiling } = reportOf(shape)
  if (!tiling) throw new Error('the fake has tiles')
  return tiling
}

describe('layoutGrid', () => {
  it.each([
    { m: 70, n: 100 },
    { m: 1, n: 15193 },
    { m: 1024, n: 1024 },
    { m: 200, n: 9000 },
    { m: 1, n: 1 },
  ])('has a place for every tile of %o exactly once', (shape) => {
    const tiling = tilingOf(shape)
    const layout = layoutGrid(tiling, 460)
    const seen = new Set<string>()
    for (let line = 0; line < tiling.tileRows * layout.linesPerRow; line++) {
      for (let column = 0; column < layout.columns; column++) {
        const place = tileAt(tiling, layout, { line, column })
        if (!place) continue
        const isInside = place.rows[1] <= shape.m && place.columns[1] <= shape.n
        if (seen.has(`${place.row} ${place.column}`) || !isInside) throw new Error(`${line}, ${column} is wrong`)
        seen.add(`${place.row} ${place.column}`)
      }
    }
    expect(seen.size).toBe(tiling.tileRows * tiling.tileColumns)
  })

  it('calls as many tiles partial as the report counts', () => {
    const tiling = tilingOf({})
    const layout = layoutGrid(tiling, 460)
    const places = Array.from({ length: 3 * 4 }, (_, i) =>
      tileAt(tiling, layout, { line: Math.floor(i / 4), column: i % 4 }),
    )
    expect(places.filter((place) => place?.isPartial)).toHaveLength(tiling.partial.value)
    expect(places.at(-1)).toMatchObject({ rows: [64, 70], columns: [96, 100], isPartial: true })
  })

  it('draws no more than the window shows', () => {
    expect(visibleCells(9, { from: 0, size: 236 }, 100000)).toEqual([0, 27])
    expect(visibleCells(9, { from: 899995 - 236, size: 236 }, 100000)).toEqual([99973, 100000])
  })
})

describe('the roof', () => {
  it('is slope up to the ridge and flat behind it', () => {
    const roofs = roofsOf(reportOf({ dtype: 'f32' }), fakePeaks, null)
    if (!roofs) throw new Error('there are peaks')
    const memory = { bytesPerSecond: 18e9 }
    expect(roofAt(roofs, memory, 1)).toBe(18e9)
    expect(roofAt(roofs, memory, 1e6)).toBe(190e9)
  })

  it('lets halves be summed up as floats', () => {
    expect(roofsOf(reportOf({ dtype: 'f16' }), fakePeaks, null)?.flopsPerSecond).toBe(190e9)
  })

  it('is not known before anything was measured', () => {
    expect(roofsOf(reportOf({}), null, null)).toBeNull()
  })

  it('has axes of whole decades that hold every value', () => {
    expect(logRange([0.9, 400])).toEqual([0.1, 1000])
    expect(logRange([])).toEqual([1, 10])
    expect(decades([0.1, 1000])).toEqual([0.1, 1, 10, 100, 1000].map((value) => expect.closeTo(value, 6)))
    expect(logPlace(10, [1, 100])).toBeCloseTo(0.5)
    expect(rateText(18e9, 'B/s')).toBe('18 GB/s')
  })
})
