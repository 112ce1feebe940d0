import { describe, expect, it } from 'vitest'
import { heatColor, rampTop } from './heat-color.ts'
import { foldHeat, heatCell, rasterCell } from './heat-fold.ts'
import { ulpBins } from './ulp-bins.ts'

const heat = (rows: number, columns: number, { cellRows = 1, cellColumns = 1 } = {}) => ({
  rows,
  columns,
  values: Array.from({ length: rows * columns }, (_, index) => index),
  cellRows,
  cellColumns,
})

describe('foldHeat', () => {
  it('leaves a block as it lies', () => {
    expect(foldHeat(heat(64, 64))).toMatchObject({ columns: 64, lines: 64, linesPerRow: 1 })
  })

  it('makes the strip of an m = 1 product into a block', () => {
    const { columns, lines } = foldHeat(heat(1, 896))
    expect(columns % 8).toBe(0)
    expect(columns / lines).toBeGreaterThan(1.5)
    expect(columns / lines).toBeLessThan(4)
    expect(columns * lines).toBeGreaterThanOrEqual(896)
  })

  it.each([
    [1, 896],
    [1, 17],
    [1, 1023],
    [2, 512],
    [14, 64],
    [3, 1000],
    [1, 5],
  ])('shows each cell of a %i × %i raster exactly once', (rows, columns) => {
    const folded = foldHeat(heat(rows, columns))
    const seen: number[] = []
    for (let line = 0; line < folded.lines; line += 1) {
      for (let column = 0; column < folded.columns; column += 1) {
        const cell = heatCell(folded, line, column)
        if (cell) seen.push(cell.value)
      }
    }
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: rows * columns }, (_, index) => index))
  })

  it('keeps rows of C apart', () => {
    const folded = foldHeat(heat(2, 512))
    expect(rasterCell(folded, folded.linesPerRow, 0)).toEqual({ row: 1, column: 0 })
  })

  it('says which outputs a cell stands for when the raster is coarser than C', () => {
    const folded = foldHeat(heat(1, 8, { cellColumns: 1.5 }))
    expect(heatCell(folded, 0, 0)?.columns).toEqual([0, 1])
    expect(heatCell(folded, 0, 1)?.columns).toEqual([1, 3])
  })
})

describe('heat colours', () => {
  it('marks what is past the bound whatever the ramp, and what was never written', () => {
    const isRed = (value: number | undefined, top: number) => {
      const [red, green, blue] = heatColor(value, top)
      return red > 1.5 * green && red > 1.5 * blue
    }
    expect([1.01, 30, 1e6].map((value) => isRed(value, 1))).toEqual([true, true, true])
    expect([0, 0.5, 1].map((value) => isRed(value, 1))).toEqual([false, false, false])
    expect(heatColor(1.01, 1)).not.toEqual(heatColor(500, 1))
    expect(heatColor(undefined, 1)).toEqual(heatColor(Number.NaN, 1))
    expect(heatColor(Number.NaN, 1)).not.toEqual(heatColor(1e6, 1))
    expect(heatColor(Number.MAX_VALUE, 1)).toEqual(heatColor(Number.NaN, 1))
  })

  it('ends the ramp at a round number that every passing value fits under', () => {
    expect(rampTop([0.01, 0.31, 40])).toBe(0.5)
    expect(rampTop([0.93])).toBe(1)
    expect(rampTop([0])).toBe(1)
  })
})

describe('ulpBins', () => {
  it('puts both sides on one axis and drops the empty tail', () => {
    const bins = ulpBins([
      {
        ulpHistogram: [
          { upTo: 0.5, count: 9 },
          { upTo: 1, count: 1 },
          { upTo: 2, count: 0 },
          { upTo: 4, count: 0 },
          { upTo: null, count: 0 },
        ],
      },
      {
        ulpHistogram: [
          { upTo: 0.5, count: 8 },
          { upTo: 8, count: 2 },
          { upTo: null, count: 0 },
        ],
      },
    ])
    expect(bins.map((bin) => bin.label)).toEqual(['≤ ½', '≤ 1', '≤ 2', '≤ 4', '≤ 8'])
    expect(bins.at(-1)?.counts).toEqual([0, 2])
  })

  it('keeps the open bin when something lies in it', () => {
    const bins = ulpBins([
      {
        ulpHistogram: [
          { upTo: 0.5, count: 0 },
          { upTo: 1, count: 0 },
          { upTo: null, count: 3 },
        ],
      },
    ])
    expect(bins.at(-1)).toEqual({ label: '> 1', counts: [3] })
  })
})
