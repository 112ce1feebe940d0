import type { KeyboardEvent } from 'react'
import { layoutText, type Row } from '#contract/row.ts'
import { formatAge } from '../format/age.ts'
import { formatBound, formatPercent } from '../format/quantity.ts'
import { shapeText } from '../format/shape-text.ts'
import { armTime, claimText, ratioText, roofText, statusText, verdictTone } from '../row/row-text.ts'
import { useLab } from '../state/store.ts'
import { Badge } from '../ui/badge.tsx'
import { useNow } from '../ui/use-now.ts'

/** Rows, newest first. Arrow keys move the choice. */
export function RowTable({ selectedId }: { selectedId: string | null }) {
  const rows = useLab((state) => state.rows)
  const selectRow = useLab((state) => state.selectRow)
  const now = useNow()
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const next = step && rows[rows.findIndex((row) => row.id === selectedId) + step]
    if (!next) return
    event.preventDefault()
    selectRow(next.id)
    event.currentTarget.querySelector<HTMLElement>(`[data-row="${CSS.escape(next.id)}"]`)?.focus()
  }
  if (rows.length === 0) return <NoRows />
  return (
    <div className="bench-rows">
      <table className="data-table" aria-label="Results, newest first">
        <thead>
          <tr>
            <th scope="col">Kernel and shape</th>
            <th scope="col" className="number" title="kernel ÷ baseline, of medians; below 1 the kernel is faster">
              Ratio
            </th>
            <th scope="col">Verdict</th>
            <th scope="col" className="number">
              Kernel
            </th>
            <th scope="col" className="number">
              Baseline
            </th>
            <th
              scope="col"
              className="number row-roof"
              title="The least time that this device can take, by its measured peaks, ÷ the kernel's; 100 % is as fast as it can be"
            >
              Of roof
            </th>
            <th scope="col" className="number row-bound" title="Largest error ÷ derived bound; up to 1 passes">
              Of bound
            </th>
            <th scope="col" className="number">
              Age
            </th>
          </tr>
        </thead>
        <tbody onKeyDown={move}>
          {rows.map((row) => (
            <ResultRow
              key={row.id}
              row={row}
              isSelected={row.id === selectedId}
              now={now}
              onSelect={() => selectRow(row.id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface ResultRowProps {
  row: Row
  isSelected: boolean
  now: number
  onSelect(): void
}

function ResultRow({ row, isSelected, now, onSelect }: ResultRowProps) {
  const status = statusText[row.status]
  const claim = claimText[row.claim]
  const ratio = ratioText(row)
  return (
    <tr
      data-row={row.id}
      data-status={row.status}
      data-cached={row.isCached || undefined}
      aria-selected={isSelected}
      tabIndex={isSelected ? 0 : -1}
      onClick={onSelect}
    >
      <td className="row-name">
        <VariantText variant={row.variant} />
        <div className="sub truncate">
          {shapeText(row.shape)}
          {row.layout && (
            <span className="tone-warn" title={layoutText(row.layout)}>
              {' '}
              · B as {row.layout.b}
            </span>
          )}{' '}
          · {row.device} {row.identity.tier}
        </div>
      </td>
      <td className="number">
        {ratio ? (
          <>
            <strong>{ratio.value}</strong>
            <div className="sub">
              {ratio.low} to {ratio.high}
            </div>
          </>
        ) : (
          <span className="muted">–</span>
        )}
      </td>
      <td>
        {row.status === 'ok' && row.verdict ? (
          <Badge tone={verdictTone[row.verdict]} title={row.verdictReason}>
            {row.verdict}
          </Badge>
        ) : (
          <Badge tone={status.tone} title={row.reason}>
            {status.text}
          </Badge>
        )}
        <div className={`sub tone-${claim.tone}`} title={claim.hint}>
          {claim.text}
        </div>
      </td>
      <TimeCell arm={row.kernel} />
      <TimeCell arm={row.baseline} missing={row.baseline.missing} />
      <RoofCell row={row} />
      <td
        className={`number row-bound ${row.error && (row.error.bound > 1 || row.error.unwritten > 0) ? 'tone-bad' : ''}`}
      >
        {row.error ? formatBound(row.error) : <span className="muted">–</span>}
      </td>
      <td className="number">
        <div>{formatAge(row.startedAt, now)}</div>
        {row.isCached && (
          <div className="sub" title="Read back from the store; nothing was run for it now">
            cached
          </div>
        )}
      </td>
    </tr>
  )
}

/** The part that tells variants apart stays; what comes before it is shown where it fits too. */
function VariantText({ variant }: { variant: string }) {
  const cut = Math.max(variant.lastIndexOf('/'), variant.lastIndexOf(':')) + 1
  return (
    <div className="row-variant" title={variant}>
      <span>{variant.slice(0, cut)}</span>
      <span className="truncate">{variant.slice(cut)}</span>
    </div>
  )
}

function TimeCell({ arm, missing }: { arm: Parameters<typeof armTime>[0]; missing?: string }) {
  const time = armTime(arm)
  return (
    <td className="number">
      {time ? (
        <>
          <div>{time.text}</div>
          <div className="sub">{time.domain}</div>
        </>
      ) : (
        <span className="muted" title={missing}>
          {missing ? 'missing' : '–'}
        </span>
      )}
    </td>
  )
}

function RoofCell({ row: { kernel, roof } }: { row: Row }) {
  if (kernel?.roofFraction === undefined) return <td className="number row-roof muted">–</td>
  return (
    <td className="number row-roof" title={roof && `The roof is ${roofText(roof)}`}>
      <div>{formatPercent(kernel.roofFraction)}</div>
      <div className="sub">{roof?.boundBy}</div>
    </td>
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
