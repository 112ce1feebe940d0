import { type KeyboardEvent, type UIEvent, useEffect, useRef, useState } from 'react'
import type { RowSort } from '#contract/row-query.ts'
import { chooseRows, showRows } from '../commands/list-rows.ts'
import { rowAt } from '../state/rows-slice.ts'
import { useParts } from '../state/use-parts.ts'
import { useNow } from '../ui/use-now.ts'
import { useSize } from '../ui/use-size.ts'
import { visibleRange } from '../ui/visible-range.ts'
import { ResultRow } from './result-row.tsx'
import { RowFilter } from './row-filter.tsx'
import { placeOf } from './row-places.ts'

/** In CSS pixels, as bench.css has it. */
const rowHeight = 42
const headHeight = 24
const spare = 12

interface Column {
  sort: RowSort | null
  text: string
  hint?: string
  className?: string
}

const columns: Column[] = [
  { sort: 'variant', text: 'Kernel and shape' },
  {
    sort: 'ratio',
    text: 'Ratio',
    hint: 'kernel ÷ baseline, of medians; below 1 the kernel is faster',
    className: 'number',
  },
  { sort: null, text: 'Verdict' },
  { sort: 'kernel', text: 'Kernel', className: 'number' },
  { sort: 'baseline', text: 'Baseline', className: 'number' },
  {
    sort: 'roof',
    text: 'Of roof',
    hint: "The least time that this device can take, by its measured peaks, ÷ the kernel's; 100 % is as fast as it can be",
    className: 'number row-roof',
  },
  {
    sort: 'bound',
    text: 'Of bound',
    hint: 'Largest error ÷ derived bound; up to 1 passes',
    className: 'number row-bound',
  },
  { sort: 'age', text: 'Age', className: 'number' },
]

/** Every stored row that is asked for, of which only those in sight are here. Arrow keys move the choice. */
export function RowTable({ selectedId }: { selectedId: string | null }) {
  const counts = useParts('rowCounts').rowCounts
  if (counts === null) return null
  if (counts.kept === 0) return <NoRows />
  return (
    <>
      <RowFilter counts={counts} />
      {counts.matching === 0 ? <NoneFound /> : <ShownRows selectedId={selectedId} count={counts.matching} />}
    </>
  )
}

function ShownRows({ selectedId, count }: { selectedId: string | null; count: number }) {
  const { rowPages, rows, rowChoice, referenceRow, selectRow } = useParts(
    ...(['rowPages', 'rows', 'rowChoice', 'referenceRow', 'selectRow'] as const),
  )
  const { ref, height } = useSize()
  const [top, setTop] = useState(0)
  const body = useRef<HTMLTableSectionElement>(null)
  const now = useNow()
  const { begin, end } = visibleRange({ start: top, size: height }, { count, size: rowHeight, spare })
  useEffect(() => showRows({ begin, end }), [begin, end])
  const scroll = ({ currentTarget }: UIEvent<HTMLElement>) =>
    setTop(Math.floor(currentTarget.scrollTop / rowHeight) * rowHeight)
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const place = placeOf(rowPages, selectedId)
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const next = step && place !== null ? rowAt({ rowPages }, place + step) : undefined
    if (!step || place === null || !next) return
    event.preventDefault()
    selectRow(next.id)
    bringIntoView(event.currentTarget.closest<HTMLElement>('.bench-rows'), place + step)
    body.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(next.id)}"]`)?.focus({ preventScroll: true })
  }
  return (
    <div className="bench-rows" ref={ref} onScroll={scroll}>
      <table className="data-table" aria-label={`Results, ${orderText(rowChoice)}`} aria-rowcount={count + 1}>
        <Head choice={rowChoice} />
        <Gap rows={begin} />
        <tbody ref={body} onKeyDown={move}>
          {Array.from({ length: end - begin }, (_, offset) => {
            const index = begin + offset
            const kept = rowAt({ rowPages }, index)
            if (!kept) return <Awaited index={index} key={`at ${index}`} />
            // What was measured in this session is not shown as read back.
            const row = rows.find(({ id }) => id === kept.id) ?? kept
            return (
              <ResultRow
                key={row.id}
                row={row}
                index={index}
                isReference={row.id === referenceRow?.id}
                isSelected={row.id === selectedId}
                now={now}
                onSelect={() => selectRow(row.id)}
              />
            )
          })}
        </tbody>
        <Gap rows={count - end} />
      </table>
    </div>
  )
}

function bringIntoView(list: HTMLElement | null, index: number): void {
  if (!list) return
  const room = list.clientHeight - headHeight
  const above = index * rowHeight
  list.scrollTop = Math.max(Math.min(list.scrollTop, above), above + rowHeight - room)
}

function orderText({ sort, isDescending }: { sort: RowSort; isDescending: boolean }): string {
  if (sort === 'age') return isDescending ? 'oldest first' : 'newest first'
  const name = columns.find((column) => column.sort === sort)?.text.toLowerCase()
  return `by ${name}, ${isDescending ? 'largest' : 'least'} first`
}

function Head({ choice }: { choice: { sort: RowSort; isDescending: boolean } }) {
  return (
    <thead>
      <tr>
        {columns.map(({ sort, text, hint, className }) => {
          const isSorted = sort !== null && sort === choice.sort
          const order = choice.isDescending ? 'descending' : 'ascending'
          return (
            <th key={text} scope="col" className={className} title={hint} aria-sort={isSorted ? order : undefined}>
              {sort === null ? (
                text
              ) : (
                <button
                  type="button"
                  className="sort"
                  onClick={() => chooseRows({ sort, isDescending: isSorted && !choice.isDescending })}
                >
                  {text}
                  {isSorted && <span aria-hidden="true">{choice.isDescending ? ' ↓' : ' ↑'}</span>}
                </button>
              )}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

/** As high as the rows that it stands for. */
function Gap({ rows }: { rows: number }) {
  if (rows <= 0) return null
  return (
    <tbody aria-hidden="true" className="row-gap">
      <tr style={{ height: rows * rowHeight }}>
        <td colSpan={columns.length} />
      </tr>
    </tbody>
  )
}

function Awaited({ index }: { index: number }) {
  return (
    <tr className="row-awaited" aria-rowindex={index + 2} aria-busy="true">
      <td colSpan={columns.length}>…</td>
    </tr>
  )
}

function NoRows() {
  return (
    <div className="empty">
      <strong>No results yet</strong>
      <span>Bench verifies the kernel first, then measures it and the baseline in turn.</span>
    </div>
  )
}

function NoneFound() {
  return (
    <div className="empty">
      <strong>No such result</strong>
      <span>No stored row is what is asked for above.</span>
    </div>
  )
}
