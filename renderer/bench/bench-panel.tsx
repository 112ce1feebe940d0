import { useLab } from '../state/store.ts'
import { Splitter } from '../ui/splitter.tsx'
import { useSize } from '../ui/use-size.ts'
import { BenchForm } from './bench-form.tsx'
import { RowDetail } from './row-detail.tsx'
import { RowTable } from './row-table.tsx'
import './bench.css'

/** One click from a kernel to a row, and what stands behind the row. */
export function BenchPanel() {
  const { ref, height } = useSize()
  const wanted = useLab((state) => state.sizes.benchDetail)
  const setSize = useLab((state) => state.setSize)
  const row = useLab((state) => state.rows.find((candidate) => candidate.id === state.selectedRowId) ?? state.rows[0])
  const max = Math.max(140, height - 130)
  const size = Math.min(max, wanted)
  return (
    <div className="bench">
      <BenchForm />
      <div className="bench-results" ref={ref}>
        <RowTable selectedId={row?.id ?? null} />
        {row && (
          <>
            <Splitter
              orientation="horizontal"
              label="Height of the row's detail"
              isAfter
              value={size}
              min={140}
              max={max}
              onChange={(next) => setSize('benchDetail', next)}
            />
            <div className="bench-detail" style={{ height: size }}>
              <RowDetail row={row} key={row.id} />
            </div>
          </>
        )}
      </div>
    </div>
  )
}
