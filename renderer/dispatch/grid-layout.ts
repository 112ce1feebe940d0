import type { Tiling } from '#contract/inspect.ts'

/** How the tiles of an output are drawn: square cells, a row of tiles cut into lines where it is long and there are few. */
export interface GridLayout {
  cell: number
  /** Cells of a line. */
  columns: number
  linesPerRow: number
  /** Of the whole drawing, in CSS pixels. */
  width: number
  height: number
}

const largest = 22
const least = 4
const cut = 9
const fewRows = 8

/** Cells as large as the width allows, not beyond a size. */
export function layoutGrid(
  { tileRows, tileColumns }: Pick<Tiling, 'tileRows' | 'tileColumns'>,
  width: number,
): GridLayout {
  const fitting = Math.floor(Math.min(largest, width / tileColumns))
  const isCut = fitting < cut && tileRows <= fewRows
  const cell = isCut ? cut : Math.max(least, fitting)
  const columns = isCut ? Math.max(1, Math.floor(width / cell)) : tileColumns
  const linesPerRow = Math.ceil(tileColumns / columns)
  return { cell, columns, linesPerRow, width: columns * cell, height: tileRows * linesPerRow * cell }
}

/** One tile of the output. */
export interface TilePlace {
  row: number
  column: number
  /** Half-open ranges of C. */
  rows: [number, number]
  columns: [number, number]
  isPartial: boolean
}

/** The tile at a line and column of the drawing; null past the end of a cut row. */
export function tileAt(
  tiling: Tiling,
  { columns, linesPerRow }: GridLayout,
  at: { line: number; column: number },
): TilePlace | null {
  const row = Math.floor(at.line / linesPerRow)
  const column = (at.line % linesPerRow) * columns + at.column
  if (row < 0 || row >= tiling.tileRows || at.column < 0 || at.column >= columns || column >= tiling.tileColumns)
    return null
  const isLastRow = row === tiling.tileRows - 1
  const isLastColumn = column === tiling.tileColumns - 1
  const height = isLastRow ? tiling.lastRows : tiling.rows
  const width = isLastColumn ? tiling.lastColumns : tiling.columns
  return {
    row,
    column,
    rows: [row * tiling.rows, row * tiling.rows + height],
    columns: [column * tiling.columns, column * tiling.columns + width],
    isPartial: height < tiling.rows || width < tiling.columns,
  }
}

/** Half-open range of cells that a window over the drawing shows. */
export function visibleCells(cell: number, window: { from: number; size: number }, count: number): [number, number] {
  return [Math.max(0, Math.floor(window.from / cell)), Math.min(count, Math.ceil((window.from + window.size) / cell))]
}
