import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { PrecisionSide } from '#contract/precision.ts'
import { formatError } from '../format/quantity.ts'
import { useSize } from '../ui/use-size.ts'
import { heatColor } from './heat-color.ts'
import { type FoldedHeat, foldHeat, heatCell, rasterCell } from './heat-fold.ts'

interface Props {
  side: PrecisionSide
  /** End of the colour ramp, the same for both sides. */
  top: number
}

const maxHeight = 190

/** Where in the output the error is: one cell is the worst error ÷ bound of its part of C. */
export function HeatMap({ side, top }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { ref, width } = useSize()
  const folded = useMemo(() => foldHeat(side.heat), [side.heat])
  const [hovered, setHovered] = useState<{ line: number; column: number } | null>(null)
  const size = canvasSize(folded, width)

  useEffect(() => {
    if (canvas.current) paint(canvas.current, folded, top)
  }, [folded, top])

  const hover = (event: PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    setHovered({
      line: Math.floor(((event.clientY - box.top) / box.height) * folded.lines),
      column: Math.floor(((event.clientX - box.left) / box.width) * folded.columns),
    })
  }
  const cell = hovered && heatCell(folded, hovered.line, hovered.column)

  return (
    <div className="heat" ref={ref}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Error over the output of ${side.name}: ${side.heat.rows} × ${side.heat.columns} cells, worst ${formatError(side.error.bound)} of the bound`}
        width={folded.columns}
        height={folded.lines}
        style={{ width: size.width, height: size.height }}
        onPointerMove={hover}
        onPointerLeave={() => setHovered(null)}
      />
      <p className="heat-readout">
        {cell ? (
          <>
            row {rangeText(cell.rows)}, column {rangeText(cell.columns)}: <strong>{formatError(cell.value)}</strong> of
            the bound
          </>
        ) : (
          <span className="muted">{foldText(folded)}</span>
        )}
      </p>
    </div>
  )
}

function paint(canvas: HTMLCanvasElement, folded: FoldedHeat, top: number): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const { columns, lines, heat } = folded
  const image = context.createImageData(columns, lines)
  for (let line = 0; line < lines; line += 1) {
    for (let column = 0; column < columns; column += 1) {
      const cell = rasterCell(folded, line, column)
      if (!cell) continue
      const color = heatColor(heat.values[cell.row * heat.columns + cell.column], top)
      image.data.set([...color, 255], (line * columns + column) * 4)
    }
  }
  context.putImageData(image, 0, 0)
}

/** Square cells as far as width and height allow; never thinner than a pixel of the screen needs. */
function canvasSize({ columns, lines }: FoldedHeat, width: number): { width: number; height: number } {
  const cell = Math.max(0.25, Math.min(width / columns, maxHeight / lines, 24))
  return { width: Math.min(width, columns * cell), height: Math.max(10, Math.min(maxHeight, lines * cell)) }
}

function foldText({ heat, linesPerRow, columns }: FoldedHeat): string {
  const cells =
    heat.cellRows > 1 || heat.cellColumns > 1
      ? `, a cell is up to ${Math.ceil(heat.cellRows)} × ${Math.ceil(heat.cellColumns)} outputs`
      : ''
  if (linesPerRow === 1) return `C as it lies, ${heat.rows} × ${heat.columns} cells${cells}`
  return `each row of C folded into ${linesPerRow} lines of ${columns} cells${cells}`
}

function rangeText([from, to]: [number, number]): string {
  return to - from <= 1 ? String(from) : `${from} to ${to - 1}`
}
