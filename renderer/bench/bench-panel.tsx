import { useLab } from '../state/store.ts'
import { Splitter } from '../ui/splitter.tsx'
import { useSize } from '../ui/use-size.ts'
import { BenchDetail } from './bench-detail.tsx'
import { BenchForm } from './bench-form.tsx'
import { useChosenRow } from './bench-row.ts'
import { RowTable } from './row-table.tsx'
import './bench.css'

const wide = 960
const room = { narrow: { detail: 140, main: 440 }, wide: { detail: 380, main: 540 } }

/** One click from a kernel to a row, and what stands behind the row: below it, or beside it where there is room. */
export function BenchPanel() {
  const { ref, width, height } = useSize()
  const sizes = useLab((state) => state.sizes)
  const setSize = useLab((state) => state.setSize)
  const row = useChosenRow()
  const isWide = width >= wide
  const pane = isWide ? 'benchDetailWide' : 'benchDetail'
  const { detail: min, main } = isWide ? room.wide : room.narrow
  const max = Math.max(min, (isWide ? width : height) - main)
  const size = Math.min(max, sizes[pane])
  return (
    <div className="bench" data-wide={isWide || undefined} ref={ref}>
      <div className="bench-main">
        <BenchForm />
        <RowTable selectedId={row?.id ?? null} />
      </div>
      {row && (
        <>
          <Splitter
            orientation={isWide ? 'vertical' : 'horizontal'}
            label="Size of the result's detail"
            isAfter
            value={size}
            min={min}
            max={max}
            onChange={(next) => setSize(pane, next)}
          />
          <div className="bench-detail" style={{ flexBasis: size }}>
            <BenchDetail row={row} />
          </div>
        </>
      )}
    </div>
  )
}
