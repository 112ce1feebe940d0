import { layoutText, type Row } from '#contract/row.ts'
import { formatAge } from '../format/age.ts'
import { formatBound, formatPercent } from '../format/quantity.ts'
import { shapeText } from '../format/shape-text.ts'
import { armTime, claimText, ratioText, roofText, statusText, verdictTone } from '../row/row-text.ts'
import { Badge } from '../ui/badge.tsx'

interface ResultRowProps {
  row: Row
  /** Place among all rows of the list, from 0. */
  index: number
  isReference: boolean
  isSelected: boolean
  now: number
  onSelect(): void
}

/** One row in two lines; every row is as high as any other. */
export function ResultRow({ row, index, isReference, isSelected, now, onSelect }: ResultRowProps) {
  const status = statusText[row.status]
  const claim = claimText[row.claim]
  const ratio = ratioText(row)
  return (
    <tr
      data-row={row.id}
      aria-rowindex={index + 2}
      data-status={row.status}
      data-cached={row.isCached || undefined}
      aria-selected={isSelected}
      tabIndex={isSelected ? 0 : -1}
      onClick={onSelect}
    >
      <td className="row-name">
        <VariantText variant={row.variant} />
        <div className="sub truncate">
          {isReference && <span className="tone-accent">reference · </span>}
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
