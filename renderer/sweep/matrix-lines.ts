import type { SweepMatrix } from '#contract/sweep.ts'
import { type CellPlace, cellAt, type SweepShow } from '../state/sweep-slice.ts'
import { isShown } from './cell-text.ts'

/** A line of the table: the head of a backend, or a variant by its position in the matrix. */
export type MatrixLine = { kind: 'backend'; backend: string; count: number } | { kind: 'variant'; variant: number }

export interface MatrixView {
  lines: MatrixLine[]
  /** Positions of the shapes shown. */
  columns: number[]
}

/** Lines and columns that hold something of what is asked for. */
export function matrixView(matrix: SweepMatrix, { search, show }: { search: string; show: SweepShow }): MatrixView {
  const wanted = search.trim().toLowerCase()
  const found = [...matrix.variants.keys()].filter((at) => matrix.variants[at]?.id.toLowerCase().includes(wanted))
  const all = [...matrix.shapes.keys()]
  const holds = (variant: number, shape: number) => {
    const cell = cellAt(matrix, { variant, shape })
    return cell !== undefined && isShown(cell, show)
  }
  if (show === 'all') return { lines: withHeads(matrix, found), columns: all }
  const variants = found.filter((variant) => all.some((shape) => holds(variant, shape)))
  const columns = all.filter((shape) => variants.some((variant) => holds(variant, shape)))
  return { lines: withHeads(matrix, variants), columns }
}

function withHeads(matrix: SweepMatrix, variants: readonly number[]): MatrixLine[] {
  const groups = Map.groupBy(variants, (at) => matrix.variants[at]?.backend ?? '')
  return [...groups].flatMap(([backend, members]): MatrixLine[] => [
    { kind: 'backend', backend, count: members.length },
    ...members.map((variant): MatrixLine => ({ kind: 'variant', variant })),
  ])
}

const moves: Record<string, [lines: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-12, 0],
  PageDown: [12, 0],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
}

/** Where a key leads from a cell; null when it is none of the table's, or when there is no cell. */
export function placeAfter(key: string, place: CellPlace | null, { lines, columns }: MatrixView): CellPlace | null {
  const variants = lines.flatMap((line) => (line.kind === 'variant' ? [line.variant] : []))
  const move = moves[key]
  if (!move || variants.length === 0 || columns.length === 0) return null
  const line = place ? variants.indexOf(place.variant) : -1
  const column = place ? columns.indexOf(place.shape) : -1
  const isInside = line >= 0 && column >= 0
  const clamp = (at: number, count: number) => Math.max(0, Math.min(count - 1, at))
  const nextLine = isInside ? clamp(line + move[0], variants.length) : 0
  const nextColumn = isInside ? clamp(column + move[1], columns.length) : 0
  return { variant: variants[nextLine] ?? 0, shape: columns[nextColumn] ?? 0 }
}
