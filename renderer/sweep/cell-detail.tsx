import { useEffect, useState } from 'react'
import { type Flag, provableFlags } from '#contract/manifest.ts'
import type { SweepCell } from '#contract/sweep.ts'
import { fetchRows, openKernel, showFlag, takeCell } from '../commands/sweep-cell.ts'
import { shapeText } from '../format/shape-text.ts'
import { RowDetail } from '../row/row-detail.tsx'
import { claimText } from '../row/row-text.ts'
import { useLab } from '../state/store.ts'
import { type CellPlace, cellAt, shownMatrix } from '../state/sweep-slice.ts'
import { Badge } from '../ui/badge.tsx'
import { Icon } from '../ui/icon.tsx'
import { Segments } from '../ui/segments.tsx'

/** What stands behind a cell: the row, or why there is none. */
export function CellDetail({ place }: { place: CellPlace }) {
  const matrix = useLab((state) => shownMatrix(state)?.matrix)
  const cell = matrix && cellAt(matrix, place)
  const [which, setWhich] = useState<Which>('first')
  const shown = which === 'again' && cell?.again ? cell.again : cell
  const row = useLab((state) => (shown?.rowId ? state.sweepRows[shown.rowId] : undefined))
  const setSweepOption = useLab((state) => state.setSweepOption)
  const rowId = shown?.rowId
  useEffect(() => {
    if (rowId) void fetchRows([rowId])
  }, [rowId])
  const variant = matrix?.variants[place.variant]
  const listed = matrix?.shapes[place.shape]
  if (!cell || !variant || !listed) return null
  return (
    <section aria-label="Chosen cell">
      <div className="cell-actions">
        <button type="button" className="button" onClick={() => takeCell(place, 'bench')}>
          <Icon name="play" size={11} /> Bench…
        </button>
        <button type="button" className="button" onClick={() => takeCell(place, 'analysis')}>
          <Icon name="search" size={12} /> Analyse…
        </button>
        <button type="button" className="button" onClick={() => void openKernel(variant.id)}>
          Open the kernel
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Close the cell's detail"
          onClick={() => setSweepOption({ sweepPlace: null })}
        >
          <Icon name="close" size={12} />
        </button>
      </div>
      {cell.again && (
        <Segments<Which> label="Measured" name="cell-row" options={measurements} value={which} onChange={setWhich} />
      )}
      {row ? (
        <RowDetail row={{ ...row, isCached: (shown ?? cell).isCached }} key={row.id} />
      ) : (
        <div className="cell-plain">
          <h3 className="truncate">{variant.id}</h3>
          <p className="muted">
            {shapeText(listed.shape, { hasDtype: listed.hasDtype ?? false })}
            {listed.role && ` · ${listed.role}`}
          </p>
          <Without cell={cell} variant={variant.id} />
        </div>
      )}
    </section>
  )
}

type Which = 'first' | 'again'

const measurements: readonly { value: Which; label: string; hint: string }[] = [
  { value: 'first', label: 'First', hint: 'As one of all pairs' },
  { value: 'again', label: 'Again', hint: 'As one of the fastest of its shape, which the first measurements chose' },
]

/** A cell that has no row, or not yet. */
function Without({ cell, variant }: { cell: SweepCell; variant: string }) {
  if (cell.rowId) return <p className="muted">Reading the row…</p>
  if (cell.state === 'gap') return <Gap reason={cell.reason ?? 'no reason given'} variant={variant} />
  const claim = cell.claim && claimText[cell.claim]
  return (
    <p>
      {cell.state === 'running' ? 'Being measured now.' : 'Not measured yet.'}{' '}
      {claim && <span className={`tone-${claim.tone}`}>{claim.hint}.</span>}
      {cell.reason && <span className="tone-warn"> It will fail: {cell.reason}</span>}
    </p>
  )
}

function Gap({ reason, variant }: { reason: string; variant: string }) {
  const flag = flagOf(reason)
  return (
    <>
      <p>
        <Badge tone="plain">gap</Badge> {reason}
      </p>
      {flag ? (
        <p className="muted">
          Such shapes are run once the flag <strong>{flag}</strong> is on.{' '}
          <button type="button" className="link" onClick={() => showFlag(variant, flag)}>
            Show the flag
          </button>
        </p>
      ) : (
        <p className="muted">The manifest keeps this variant to other shapes.</p>
      )}
    </>
  )
}

/** The flag that a rule of the format names. */
function flagOf(reason: string): Flag | undefined {
  return provableFlags.find((flag) => reason === `${flag} not supported`)
}
