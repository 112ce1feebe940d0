import type { Row } from '#contract/row.ts'
import { exportRow, type SavedFormat } from '../commands/export-row.ts'
import { pinRow } from '../commands/reference-row.ts'
import { CompareView } from '../compare/compare-view.tsx'
import { RowDetail } from '../row/row-detail.tsx'
import type { DetailView } from '../state/rows-slice.ts'
import { useParts } from '../state/use-parts.ts'
import { Segments } from '../ui/segments.tsx'

const views: { value: DetailView; label: string; hint: string }[] = [
  { value: 'result', label: 'Result', hint: 'Everything that stands behind this row' },
  { value: 'comparison', label: 'Comparison', hint: 'This row held against the reference' },
]

const formats: { format: SavedFormat; label: string }[] = [
  { format: 'markdown', label: 'Markdown' },
  { format: 'csv', label: 'CSV' },
  { format: 'json', label: 'JSON' },
  { format: 'svg', label: 'SVG' },
  { format: 'png', label: 'PNG' },
]

/** What stands behind the chosen row, by itself or held against the reference, and how either leaves the window. */
export function BenchDetail({ row }: { row: Row }) {
  const { referenceRow, detailView, setDetailView } = useParts('referenceRow', 'detailView', 'setDetailView')
  const isReference = referenceRow?.id === row.id
  const reference = isReference ? null : referenceRow
  const view = reference ? detailView : 'result'
  return (
    <>
      <div className="bench-detail-bar">
        <button
          type="button"
          className="button"
          aria-pressed={isReference}
          title="Other results can be held against this one; kept until another is chosen"
          onClick={() => void pinRow(isReference ? null : row.id)}
        >
          Reference
        </button>
        {reference && (
          <Segments isBare label="Detail" name="detail-view" options={views} value={view} onChange={setDetailView} />
        )}
        <span className="bench-space" />
        <ExportButtons row={row} reference={view === 'comparison' ? reference : null} />
      </div>
      {reference && view === 'comparison' ? (
        <CompareView reference={reference} row={row} key={row.id} />
      ) : (
        <RowDetail row={row} key={row.id} />
      )}
    </>
  )
}

function ExportButtons({ row, reference }: { row: Row; reference: Row | null }) {
  return (
    <fieldset className="bench-export">
      <legend>Export {reference ? 'comparison' : 'result'}</legend>
      {formats.map(({ format, label }) => (
        <button
          key={format}
          type="button"
          className="button"
          onClick={() => void exportRow(format, { row, reference: reference ?? undefined })}
        >
          {label}
        </button>
      ))}
    </fieldset>
  )
}
