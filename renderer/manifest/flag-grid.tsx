import { Fragment, type KeyboardEvent, useMemo } from 'react'
import { type CatalogVariant, type Flag, provableFlags } from '#contract/manifest.ts'
import { openDocument } from '../commands/open-document.ts'
import { proveFlag } from '../commands/prove-flag.ts'
import { unsetFlag } from '../commands/unset-flag.ts'
import { shortTimes } from '../format/problem-text.ts'
import { proofKey } from '../state/runs-slice.ts'
import { useLab } from '../state/store.ts'
import { FlagKnob } from './flag-knob.tsx'
import { byBackend, checkedOf, clickText, flagLabels, flagOf, variantsNamed } from './flag-text.ts'

/** Variants × flags. Arrow keys move, Space does what a click does, Delete turns off. */
export function FlagGrid({ search }: { search: string }) {
  const all = useLab((state) => state.variants)
  const variants = useMemo(() => variantsNamed(all, search), [all, search])
  const selected = useLab((state) => state.selectedFlag)
  const selectFlag = useLab((state) => state.selectFlag)
  const order = byBackend(variants).flatMap(([, members]) => members)
  const isSelectedShown = selected !== null && order.some(({ id }) => id === selected.variant)
  const stop =
    (isSelectedShown ? selected : null) ?? (order[0] ? { variant: order[0].id, flag: provableFlags[0] } : null)

  const press = (event: KeyboardEvent<HTMLElement>) => {
    if (!stop) return
    const row = order.findIndex((variant) => variant.id === stop.variant)
    const column = provableFlags.indexOf(stop.flag)
    if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault()
      const variant = order[row]
      if (variant && flagOf(variant, stop.flag)?.value) void unsetFlag(stop.variant, stop.flag)
      return
    }
    const steps: Record<string, [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    }
    const step = steps[event.key]
    const next = step && { variant: order[row + step[0]]?.id, flag: provableFlags[column + step[1]] }
    if (!next?.variant || !next.flag) return
    event.preventDefault()
    selectFlag({ variant: next.variant, flag: next.flag })
    event.currentTarget
      .querySelector<HTMLElement>(`[data-flag="${CSS.escape(proofKey(next.variant, next.flag))}"]`)
      ?.focus()
  }

  if (order.length === 0) {
    return (
      <div className="empty">
        <strong>No such variant</strong>
        <span>
          None of the {all.length} variants has “{search}” in its name.
        </span>
      </div>
    )
  }
  return (
    <table className="flag-grid" role="grid" aria-label="Variants and their flags" onKeyDown={press}>
      <FlagHead />
      <tbody>
        {byBackend(variants).map(([backend, members]) => (
          <Fragment key={backend}>
            <tr className="flag-backend">
              <th colSpan={provableFlags.length + 1} scope="colgroup">
                {backend}
              </th>
            </tr>
            {members.map((variant) => (
              <tr key={variant.id}>
                <VariantName variant={variant} />
                {provableFlags.map((flag) => (
                  <FlagCell
                    key={flag}
                    variant={variant}
                    flag={flag}
                    isStop={stop?.variant === variant.id && stop.flag === flag}
                  />
                ))}
              </tr>
            ))}
          </Fragment>
        ))}
      </tbody>
    </table>
  )
}

function FlagHead() {
  return (
    <thead>
      <tr>
        <th scope="col" className="flag-variant">
          Variant
        </th>
        {provableFlags.map((flag) => (
          <th scope="col" key={flag} title={`${flag}: ${flagLabels[flag].meaning}`}>
            {flagLabels[flag].label}
          </th>
        ))}
      </tr>
    </thead>
  )
}

function VariantName({ variant }: { variant: CatalogVariant }) {
  const { documentId, isRunnable, unrunnableReason, enabled, isBaseline } = variant
  const note = [!enabled && 'disabled', isBaseline && 'baseline', !isRunnable && 'not runnable']
    .filter(Boolean)
    .join(', ')
  return (
    <th scope="row" className="flag-variant" title={isRunnable ? variant.functionName : unrunnableReason}>
      {documentId ? (
        <button type="button" className="link flag-name" onClick={() => void openDocument(documentId)}>
          {variant.name}
        </button>
      ) : (
        <span className="flag-name">{variant.name}</span>
      )}
      <span className={isRunnable ? 'flag-note' : 'flag-note tone-warn'}>
        {variant.dtype}
        {note && `, ${note}`}
      </span>
    </th>
  )
}

interface FlagCellProps {
  variant: CatalogVariant
  flag: Flag
  isStop: boolean
}

function FlagCell({ variant, flag, isStop }: FlagCellProps) {
  const key = proofKey(variant.id, flag)
  const run = useLab((state) => Object.values(state.runs).find((candidate) => candidate.subject === key))
  const isRefused = useLab(
    (state) => (state.proofs[key]?.failures.length ?? 0) > 0 || state.failures[key] !== undefined,
  )
  const isSelected = useLab((state) => state.selectedFlag?.variant === variant.id && state.selectedFlag.flag === flag)
  const selectFlag = useLab((state) => state.selectFlag)
  const status = flagOf(variant, flag)
  if (!status) return <td role="gridcell" />
  const act = () => {
    selectFlag({ variant: variant.id, flag })
    if (status.state !== 'proven' && !run) void proveFlag(variant.id, flag)
  }
  const state = run ? 'running' : status.state
  const could = status.state === 'off' && status.couldBe?.isTrue
  return (
    <td role="gridcell" data-selected={isSelected || undefined}>
      <button
        type="button"
        role="checkbox"
        aria-checked={checkedOf[status.state]}
        aria-busy={run !== undefined}
        aria-label={`${flag} of ${variant.id}: ${run ? 'being proven' : could ? 'off, could be true' : status.state}`}
        data-could={could || undefined}
        title={`${could ? 'Off, but the kernel would earn it' : shortTimes(status.reason)}\nClick to ${clickText[status.state]}.`}
        className="flag"
        data-state={state}
        data-refused={(isRefused && status.state !== 'proven') || undefined}
        data-flag={key}
        data-autofocus={isStop || undefined}
        tabIndex={isStop ? 0 : -1}
        onClick={act}
      >
        <FlagKnob state={state} />
      </button>
    </td>
  )
}
