import { memo } from 'react'
import type { SweepCell, SweepMatrix } from '#contract/sweep.ts'
import { selectCell } from '../commands/sweep-cell.ts'
import { type CellPlace, cellAt, type SweepShow } from '../state/sweep-slice.ts'
import { cachedAge, cellLook, cellSentence, isShown, shortAge } from './cell-text.ts'
import type { MatrixLine } from './matrix-lines.ts'

/** In CSS pixels. */
export const cellWidth = 94
export const cellHeight = 26
export const headHeight = 56

interface LineProps {
  line: MatrixLine
  /** Its place among the lines. */
  at: number
  matrix: SweepMatrix
  columns: readonly number[]
  /** Columns in sight, half-open. */
  from: number
  to: number
  /** The chosen cell, when it is of this line. */
  place: CellPlace | null
  show: SweepShow
  nowMs: number
  /** Of the column of names. */
  nameWidth: number
}

/** One line of the matrix, drawn where it belongs on the whole of it. */
export function Line(props: LineProps) {
  const { line, at, matrix, nameWidth } = props
  const top = headHeight + at * cellHeight
  if (line.kind === 'backend') {
    return (
      <div className="matrix-line matrix-backend" role="row" aria-rowindex={at + 2} style={{ top }}>
        <div className="matrix-name" role="rowheader" style={{ width: nameWidth }}>
          {line.backend} <span className="muted">{line.count}</span>
        </div>
      </div>
    )
  }
  const variant = matrix.variants[line.variant]
  if (!variant) return null
  const name = variant.id.slice(variant.backend.length + 1)
  return (
    <div
      className="matrix-line"
      role="row"
      aria-rowindex={at + 2}
      data-chosen={props.place !== null || undefined}
      style={{ top }}
    >
      <div className="matrix-name truncate" role="rowheader" style={{ width: nameWidth }} title={variant.id}>
        {name}
        <span className="muted"> {variant.dtype}</span>
        {variant.isBaseline && <span className="muted"> baseline</span>}
      </div>
      {props.columns.slice(props.from, props.to).map((shape, offset) => {
        const cell = cellAt(matrix, { variant: line.variant, shape })
        return (
          cell && (
            <Cell
              key={shape}
              cell={cell}
              matrix={matrix}
              column={props.from + offset}
              isChosen={props.place?.shape === shape}
              isFaded={props.show !== 'all' && !isShown(cell, props.show)}
              nowMs={props.nowMs}
              left={nameWidth + (props.from + offset) * cellWidth}
            />
          )
        )
      })}
    </div>
  )
}

interface CellProps {
  cell: SweepCell
  matrix: SweepMatrix
  column: number
  isChosen: boolean
  isFaded: boolean
  nowMs: number
  left: number
}

/** Drawn again only when what it shows changes; the matrix itself is another with every row that comes in. */
const Cell = memo(
  function Cell({ cell, matrix, column, isChosen, isFaded, nowMs, left }: CellProps) {
    const { text, sign, tone, heat } = cellLook(cell)
    const age = shortAge(cell, nowMs)
    const sentence = cellSentence(cell, matrix, nowMs)
    return (
      <div
        role="gridcell"
        id={`cell-${cell.variant}-${cell.shape}`}
        aria-colindex={column + 2}
        aria-label={sentence}
        aria-selected={isChosen}
        className="matrix-cell"
        data-tone={tone}
        data-cached={cell.isCached || undefined}
        data-claim={cell.claim}
        data-faded={isFaded || undefined}
        title={sentence}
        style={{ left, width: cellWidth, '--heat': `${heat}%` } as React.CSSProperties}
        onClick={() => void selectCell({ variant: cell.variant, shape: cell.shape })}
      >
        {sign && <span className="matrix-sign">{sign}</span>}
        <span className={sign ? 'matrix-ratio' : 'matrix-word'}>{text}</span>
        {cell.layout && cell.rowId && <span className="matrix-layout">†</span>}
        {age && <span className="matrix-age">{age}</span>}
      </div>
    )
  },
  (a, b) =>
    a.cell === b.cell &&
    a.column === b.column &&
    a.left === b.left &&
    a.isChosen === b.isChosen &&
    a.isFaded === b.isFaded &&
    cachedAge(a.cell, a.nowMs) === cachedAge(b.cell, b.nowMs),
)
