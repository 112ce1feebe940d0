import { type PointerEvent, type UIEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { Tiling } from '#contract/inspect.ts'
import { formatCount } from '../format/quantity.ts'
import { useSize } from '../ui/use-size.ts'
import { type ThemeColors, useThemeColors } from '../ui/use-theme-colors.ts'
import { type GridLayout, layoutGrid, type TilePlace, tileAt, visibleCells } from './grid-layout.ts'

const maxHeight = 236

interface View {
  left: number
  top: number
  width: number
  height: number
}

/** The tiles of C, one cell each; those that reach past it show how much of them is used. Only what is in view is drawn. */
export function GridPicture({ tiling }: { tiling: Tiling }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { ref, width } = useSize()
  const colors = useThemeColors()
  const layout = useMemo(() => layoutGrid(tiling, Math.max(width, 1)), [tiling, width])
  const [scroll, setScroll] = useState({ left: 0, top: 0 })
  const [hovered, setHovered] = useState<TilePlace | null>(null)
  const view = {
    ...scroll,
    width: Math.min(width, layout.width),
    height: Math.min(maxHeight, layout.height),
  }

  useEffect(() => {
    if (canvas.current && width > 0) paint(canvas.current, { tiling, layout, view, colors })
  })

  const hover = (event: PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const line = Math.floor((event.clientY - box.top + scroll.top) / layout.cell)
    const column = Math.floor((event.clientX - box.left + scroll.left) / layout.cell)
    setHovered(tileAt(tiling, layout, { line, column }))
  }
  const follow = (event: UIEvent<HTMLDivElement>) => {
    const { scrollLeft: left, scrollTop: top } = event.currentTarget
    setScroll({ left, top })
  }

  return (
    <div className="grid-picture" ref={ref}>
      <div
        className="grid-window"
        style={{ maxHeight }}
        onScroll={follow}
        tabIndex={0}
        role="group"
        aria-label="Tiles of C"
      >
        <div style={{ width: layout.width, height: layout.height }}>
          <canvas
            ref={canvas}
            role="img"
            aria-label={pictureText(tiling)}
            style={{ width: view.width, height: view.height }}
            onPointerMove={hover}
            onPointerLeave={() => setHovered(null)}
          />
        </div>
      </div>
      <p className="grid-readout">
        {hovered ? placeText(tiling, hovered) : <span className="muted">{pictureText(tiling)}</span>}
      </p>
    </div>
  )
}

function pictureText({ tileRows, tileColumns, rows, columns, partial }: Tiling): string {
  const tails = partial.value > 0 ? `${formatCount(partial.value)} reach past C` : 'all of them full'
  return `${formatCount(tileRows)} × ${formatCount(tileColumns)} tiles of ${rows} × ${columns} outputs, ${tails}`
}

function placeText({ rows, columns, rowAxis, columnAxis }: Tiling, place: TilePlace): string {
  const range = ([from, to]: [number, number]) => (to - from === 1 ? String(from) : `${from} to ${to - 1}`)
  const axes = [columnAxis && `${columnAxis} = ${place.column}`, rowAxis && `${rowAxis} = ${place.row}`].filter(Boolean)
  const group = axes.length > 0 ? `threadgroup ${axes.join(', ')}` : `tile ${place.row}, ${place.column}`
  const used = `${place.rows[1] - place.rows[0]} × ${place.columns[1] - place.columns[0]}`
  const share = place.isPartial ? `, ${used} of its ${rows} × ${columns} outputs` : ''
  return `${group}: rows ${range(place.rows)}, columns ${range(place.columns)} of C${share}`
}

interface Painting {
  tiling: Tiling
  layout: GridLayout
  view: View
  colors: ThemeColors
}

function paint(canvas: HTMLCanvasElement, { tiling, layout, view, colors }: Painting): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const scale = window.devicePixelRatio || 1
  canvas.width = Math.round(view.width * scale)
  canvas.height = Math.round(view.height * scale)
  context.scale(scale, scale)
  context.translate(-view.left, -view.top)
  const { cell } = layout
  const gap = cell >= 8 ? 1 : 0.5
  const lines = visibleCells(cell, { from: view.top, size: view.height }, tiling.tileRows * layout.linesPerRow)
  const columns = visibleCells(cell, { from: view.left, size: view.width }, layout.columns)
  for (let line = lines[0]; line < lines[1]; line++) {
    for (let column = columns[0]; column < columns[1]; column++) {
      const place = tileAt(tiling, layout, { line, column })
      if (!place) continue
      const side = cell - gap
      const box = { x: column * cell, y: line * cell, side }
      context.fillStyle = place.isPartial ? colors.line : colors.kernel
      context.fillRect(box.x, box.y, side, side)
      if (place.isPartial) paintPart(context, { tiling, place, box, color: colors.baseline })
    }
  }
}

function paintPart(
  context: CanvasRenderingContext2D,
  {
    tiling,
    place,
    box,
    color,
  }: { tiling: Tiling; place: TilePlace; box: { x: number; y: number; side: number }; color: string },
): void {
  const width = (box.side * (place.columns[1] - place.columns[0])) / tiling.columns
  const height = (box.side * (place.rows[1] - place.rows[0])) / tiling.rows
  context.fillStyle = color
  context.fillRect(box.x, box.y, Math.max(1, width), Math.max(1, height))
}
