import { useState } from 'react'
import type { CatalogVariant } from '#contract/manifest.ts'
import type { Mutant, MutantOutcome } from '#contract/mutant.ts'
import { goToLocation } from '../commands/go-to-location.ts'
import { shortShapes } from '../format/shape-text.ts'
import { useLab } from '../state/store.ts'
import { mutantDocument, mutantOrder, mutantsText } from './mutant-text.ts'
import './evidence.css'

const outcomeTones: Record<MutantOutcome, string> = {
  survived: 'tone-bad',
  untested: 'tone-warn',
  equivalent: 'muted',
  rejected: '',
}

interface KillListProps {
  mutants: readonly Mutant[]
  variant: CatalogVariant
  /** False: of another text of the kernel, so that lines lead nowhere. */
  isLive: boolean
}

const unnoticedTexts: Partial<Record<MutantOutcome, string>> = {
  survived: 'no gate',
  untested: 'not tested: nothing runs it',
  equivalent: 'no fault after all',
}

const maxShown = 12

/** The faults that were put into the kernel on purpose, and the gate that noticed each. */
export function KillList({ mutants, variant, isLive }: KillListProps) {
  const [isWhole, setIsWhole] = useState(false)
  const ordered = [...mutants].sort(mutantOrder)
  const shown = isWhole ? ordered : ordered.slice(0, maxShown)
  return (
    <div className="kill-list">
      <div className="section-title">
        Mutants <span className="kill-summary">{mutantsText(mutants)}</span>
      </div>
      <table className="data-table kill-table" aria-label="Kill list">
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Fault</th>
            <th scope="col">Noticed by</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((mutant) => (
            <MutantRow key={mutant.id} mutant={mutant} variant={variant} isLive={isLive} />
          ))}
        </tbody>
      </table>
      {ordered.length > maxShown && (
        <button type="button" className="link kill-more" onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? 'Show fewer' : `Show all ${ordered.length}`}
        </button>
      )}
    </div>
  )
}

function MutantRow({ mutant, variant, isLive }: { mutant: Mutant; variant: CatalogVariant; isLive: boolean }) {
  const { operator, change, outcome, line, file } = mutant
  const documentId = useLab((state) => mutantDocument(mutant, variant, state.workspace?.nodes ?? []))
  const place = file ? `${file}:${line}` : String(line)
  return (
    <tr>
      <td className="kill-line">
        {isLive && documentId ? (
          <button type="button" className="link" onClick={() => void goToLocation(documentId, line)}>
            {place}
          </button>
        ) : (
          <span className="muted" title={isLive ? undefined : 'A line of the text as it was'}>
            {place}
          </span>
        )}
      </td>
      <td>
        <div>{operator.replaceAll('-', ' ')}</div>
        <Change text={change} />
      </td>
      <td className={outcomeTones[outcome]}>
        <NoticedBy mutant={mutant} />
      </td>
    </tr>
  )
}

/** `k < K → k + 1 < K`: what was there, and below it what was put in its place. */
function Change({ text }: { text: string }) {
  const [from = '', ...to] = text.split(' → ')
  return (
    <div className="kill-change">
      <code>{from}</code>
      {to.length > 0 && (
        <>
          <span aria-hidden>→</span>
          <code>{to.join(' → ')}</code>
        </>
      )}
    </div>
  )
}

/** A shape's text that may go on in the next line after a comma. */
const breakable = (text: string) => text.replaceAll(',', ',\u200b')

function NoticedBy({ mutant: { outcome, gate, shape, seed, reason } }: { mutant: Mutant }) {
  if (outcome === 'rejected') {
    return (
      <>
        <div>{gate}</div>
        {shape && (
          <div className="sub mono kill-shape" title={shape}>
            {breakable(shortShapes(shape))}
            {seed !== undefined && `, seed ${seed}`}
          </div>
        )}
        {reason && <div className="sub kill-shape">{reason}</div>}
      </>
    )
  }
  return (
    <>
      <div>{unnoticedTexts[outcome]}</div>
      {reason && <div className="sub kill-shape">{reason}</div>}
    </>
  )
}
