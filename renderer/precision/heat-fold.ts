import type { PrecisionSide } from '#contract/precision.ts'

type Heat = PrecisionSide['heat']

/** A raster as it is drawn: `columns` cells a line, the raster's own lines cut into `linesPerRow` when they are too long. */
export interface FoldedHeat {
  heat: Heat
  columns: number
  lines: number
  linesPerRow: number
}

/** The longest lines that a raster of few rows is cut into are about this many times wider than the whole is high. */
const aspect = 2.5

/**
 * Makes a strip (the one row of an m = 1 product, say) into a block: each row is cut into lines of a round number of cells,
 * so that the whole is about 2.5 times wider than high. Rasters that are already high enough stay as they are.
 */
export function foldHeat(heat: Heat): FoldedHeat {
  const { rows, columns } = heat
  if (columns <= 16 || columns <= rows * aspect * 2) return { heat, columns, lines: rows, linesPerRow: 1 }
  const wanted = Math.sqrt(rows * columns * aspect)
  const folded = Math.min(columns, roundCells(wanted))
  const linesPerRow = Math.ceil(columns / folded)
  return { heat, columns: folded, lines: rows * linesPerRow, linesPerRow }
}

/** A multiple of 8 where there is room for it: threadgroups and simdgroups then line up in the picture. */
function roundCells(cells: number): number {
  const step = cells >= 64 ? 16 : cells >= 16 ? 8 : 1
  return Math.max(1, Math.round(cells / step) * step)
}

/** Where a drawn cell lies in the raster; null past the end of a cut row. */
export function rasterCell(folded: FoldedHeat, line: number, column: number): { row: number; column: number } | null {
  const { heat, columns, linesPerRow } = folded
  const row = Math.floor(line / linesPerRow)
  const rasterColumn = (line % linesPerRow) * columns + column
  const isInside = row >= 0 && row < heat.rows && column >= 0 && column < columns && rasterColumn < heat.columns
  return isInside ? { row, column: rasterColumn } : null
}

export interface HeatCell {
  value: number
  /** Half-open ranges of the output that the cell stands for. */
  rows: [number, number]
  columns: [number, number]
}

/** What a drawn cell stands for. */
export function heatCell(folded: FoldedHeat, line: number, column: number): HeatCell | null {
  const cell = rasterCell(folded, line, column)
  if (!cell) return null
  const { heat } = folded
  const range = (index: number, size: number): [number, number] => [
    Math.floor(index * size),
    Math.max(Math.floor(index * size) + 1, Math.floor((index + 1) * size)),
  ]
  return {
    value: heat.values[cell.row * heat.columns + cell.column] ?? Number.NaN,
    rows: range(cell.row, heat.cellRows),
    columns: range(cell.column, heat.cellColumns),
  }
}
