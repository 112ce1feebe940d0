import { type KeyboardEvent, type UIEvent, useCallback, useMemo, useRef, useState } from 'react'
import type { SweepMatrix } from '#contract/sweep.ts'
import { selectCell } from '../commands/sweep-cell.ts'
import { layoutOf } from '../format/shape-text.ts'
import type { CellPlace } from '../state/sweep-slice.ts'
import { useParts } from '../state/use-parts.ts'
import { useNow } from '../ui/use-now.ts'
import { useSize } from '../ui/use-size.ts'
import { visibleRange } from '../ui/visible-range.ts'
import { cellHeight, cellWidth, headHeight, Line } from './matrix-line.tsx'
import { type MatrixView, matrixView, placeAfter } from './matrix-lines.ts'
import './matrix.css'

/** Of the column of names: as wide as the longest, but never most of the panel. */
const nameRoom = { least: 130, most: 260, share: 0.36, character: 7, padding: 26 }
const spare = { lines: 8, columns: 2 }

/** Variants down, shapes across. Only what is in sight is drawn, so that 300 × 50 scrolls like 10 × 5. */
export function Matrix({ matrix }: { matrix: SweepMatrix }) {
  const { sweepPlace, sweepSearch, sweepShow } = useParts('sweepPlace', 'sweepSearch', 'sweepShow')
  const view = useMemo(
    () => matrixView(matrix, { search: sweepSearch, show: sweepShow }),
    [matrix, sweepSearch, sweepShow],
  )
  const { sight, ref, scroll, width } = useSight(view)
  const { variants } = matrix
  const nameWidth = useMemo(() => nameWidthOf({ variants }, width), [variants, width])
  const nowMs = useNow()
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const next = placeAfter(event.key, sweepPlace, view)
    if (!next) return
    event.preventDefault()
    scrollTo(event.currentTarget, { view, place: next, nameWidth })
    void selectCell(next)
  }
  if (view.lines.length === 0) return <NothingShown />
  const { lines, columns } = sight
  const chosen = sweepPlace ? `cell-${sweepPlace.variant}-${sweepPlace.shape}` : undefined
  return (
    <div
      className="matrix"
      role="grid"
      aria-label="Variants and shapes"
      aria-rowcount={view.lines.length + 1}
      aria-colcount={view.columns.length + 1}
      aria-activedescendant={chosen}
      tabIndex={0}
      ref={ref}
      onScroll={scroll}
      onKeyDown={press}
    >
      <div
        className="matrix-body"
        style={{
          width: nameWidth + view.columns.length * cellWidth,
          height: headHeight + view.lines.length * cellHeight,
        }}
      >
        <Head matrix={matrix} view={view} columns={columns} nameWidth={nameWidth} />
        {view.lines.slice(lines.begin, lines.end).map((line, offset) => (
          <Line
            key={line.kind === 'backend' ? `/${line.backend}` : line.variant}
            line={line}
            at={lines.begin + offset}
            matrix={matrix}
            columns={view.columns}
            from={columns.begin}
            to={columns.end}
            place={line.kind === 'variant' && line.variant === sweepPlace?.variant ? sweepPlace : null}
            show={sweepShow}
            nowMs={nowMs}
            nameWidth={nameWidth}
          />
        ))}
      </div>
    </div>
  )
}

/** Which lines and columns are in sight, as whole numbers: scrolling within a cell draws nothing. */
function useSight(view: MatrixView) {
  const { ref: sizeRef, width, height } = useSize()
  const [corner, setCorner] = useState({ top: 0, left: 0 })
  const element = useRef<HTMLElement | null>(null)
  const ref = useCallback(
    (next: HTMLElement | null) => {
      element.current = next
      return sizeRef(next)
    },
    [sizeRef],
  )
  const scroll = (event: UIEvent<HTMLElement>) => {
    const { scrollTop, scrollLeft } = event.currentTarget
    const top = Math.floor(scrollTop / cellHeight) * cellHeight
    const left = Math.floor(scrollLeft / cellWidth) * cellWidth
    setCorner((old) => (old.top === top && old.left === left ? old : { top, left }))
  }
  const lines = visibleRange(
    { start: corner.top, size: height },
    { count: view.lines.length, size: cellHeight, spare: spare.lines },
  )
  const columns = visibleRange(
    { start: corner.left, size: width },
    { count: view.columns.length, size: cellWidth, spare: spare.columns },
  )
  return { ref, scroll, width, sight: { lines, columns } }
}

/** Moves the window so that a cell lies in it, beside the names and below the heads. */
function scrollTo(
  grid: HTMLElement,
  { view, place, nameWidth }: { view: MatrixView; place: CellPlace; nameWidth: number },
): void {
  const line = view.lines.findIndex(
    ({ kind, ...rest }) => kind === 'variant' && (rest as { variant?: number }).variant === place.variant,
  )
  const top = line * cellHeight
  const left = view.columns.indexOf(place.shape) * cellWidth
  const room = { height: grid.clientHeight - headHeight, width: grid.clientWidth - nameWidth }
  grid.scrollTop = Math.max(Math.min(grid.scrollTop, top), top + cellHeight - room.height)
  grid.scrollLeft = Math.max(Math.min(grid.scrollLeft, left), left + cellWidth - room.width)
}

interface HeadProps {
  matrix: SweepMatrix
  view: MatrixView
  columns: { begin: number; end: number }
  nameWidth: number
}

function Head({ matrix, view, columns, nameWidth }: HeadProps) {
  return (
    <div className="matrix-head" role="row" aria-rowindex={1} style={{ height: headHeight }}>
      <div className="matrix-corner" role="columnheader" style={{ width: nameWidth }}>
        Kernel ÷ baseline
        <span>below 1 the kernel is faster</span>
      </div>
      {view.columns.slice(columns.begin, columns.end).map((at, offset) => {
        const listed = matrix.shapes[at]
        if (!listed) return null
        const { shape, role, op } = listed
        const index = columns.begin + offset
        const features = [
          layoutOf(shape),
          shape.batch > 1 && `×${shape.batch}`,
          shape.bias && 'bias',
          shape.act !== 'none' && shape.act,
        ].filter(Boolean)
        return (
          <div
            key={at}
            role="columnheader"
            aria-colindex={index + 2}
            className="matrix-shape"
            style={{ left: nameWidth + index * cellWidth, width: cellWidth }}
            title={`${role ?? op}${shape.beta !== 0 ? `, β ${shape.beta}` : ''}${shape.alpha !== 1 ? `, α ${shape.alpha}` : ''}`}
          >
            <span className="truncate">{`${shape.m}×${shape.n}×${shape.k}`}</span>
            <span className="truncate">{features.join(' ')}</span>
            <span className="truncate">{role ?? op}</span>
          </div>
        )
      })}
    </div>
  )
}

function nameWidthOf({ variants }: Pick<SweepMatrix, 'variants'>, width: number): number {
  const { least, most, share, character, padding } = nameRoom
  const longest = Math.max(0, ...variants.map(({ id, backend, dtype }) => id.length - backend.length + dtype.length))
  return Math.max(least, Math.min(most, longest * character + padding, Math.round(width * share)))
}

function NothingShown() {
  return (
    <div className="empty">
      <strong>No such cell</strong>
      <span>Nothing in this matrix is what is asked for above.</span>
    </div>
  )
}
