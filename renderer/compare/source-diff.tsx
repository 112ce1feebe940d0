import { useEffect, useState } from 'react'
import type { Row } from '#contract/row.ts'
import type { SourceText } from '#contract/source-text.ts'
import { fetchSources } from '../commands/reference-row.ts'
import { TextDiff } from '../editor/text-diff.tsx'
import { useLab } from '../state/store.ts'

type FilePair = { name: string; old: string; now: string }

/** Files of both sources by name; one that only one of them has is empty in the other. */
function pairsOf(then: SourceText, now: SourceText): FilePair[] {
  // A kernel's own file is held against the other's, whatever they are called.
  const [thenMain, ...thenOthers] = then.files
  const [nowMain, ...nowOthers] = now.files
  const names = [...new Set([...thenOthers, ...nowOthers].map(({ name }) => name))]
  const textIn = (files: SourceText['files'], name: string) => files.find((file) => file.name === name)?.text ?? ''
  return [
    { name: nowMain?.name ?? '', old: thenMain?.text ?? '', now: nowMain?.text ?? '' },
    ...names.map((name) => ({ name, old: textIn(thenOthers, name), now: textIn(nowOthers, name) })),
  ]
}

/** What both kernels were compiled from, side by side. */
export function SourceDiff({ reference, row }: { reference: Row; row: Row }) {
  const then = useLab((state) => state.sources[reference.identity.sourceHash])
  const now = useLab((state) => state.sources[row.identity.sourceHash])
  useEffect(() => void fetchSources([reference, row]), [reference, row])
  if (reference.identity.sourceHash === row.identity.sourceHash) {
    return <p className="compare-source-note">Both were compiled from the same source.</p>
  }
  const missing = [
    ...(then === null || reference.identity.sourceHash === '' ? ['the reference'] : []),
    ...(now === null || row.identity.sourceHash === '' ? ['this row'] : []),
  ]
  if (missing.length > 0)
    return <p className="compare-source-note">The source of {missing.join(' and of ')} was not kept.</p>
  if (!then || !now) return <p className="compare-source-note">Reading both sources…</p>
  return <Pairs pairs={pairsOf(then, now)} />
}

function Pairs({ pairs }: { pairs: readonly FilePair[] }) {
  const changed = pairs.filter((pair) => pair.old !== pair.now)
  const shown = changed.length > 0 ? changed : pairs
  const [name, setName] = useState(shown[0]?.name)
  const pair = shown.find((candidate) => candidate.name === name) ?? shown[0]
  if (!pair) return null
  return (
    <div className="compare-source">
      <div className="compare-source-head">
        {shown.length > 1 ? (
          <label>
            <span className="visually-hidden">File</span>
            <select className="select" value={pair.name} onChange={(event) => setName(event.target.value)}>
              {shown.map((one) => (
                <option key={one.name}>{one.name}</option>
              ))}
            </select>
          </label>
        ) : (
          <span>{pair.name}</span>
        )}
        <span className="muted">reference left, this right</span>
      </div>
      <div className="compare-source-body">
        <TextDiff
          name={pair.name}
          original={pair.old}
          modified={pair.now}
          labels={['Source of the reference', 'Source of this row']}
        />
      </div>
    </div>
  )
}
