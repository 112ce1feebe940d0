import type { CatalogVariant, FlagStatus } from '#contract/manifest.ts'
import { cancelRun } from '../commands/cancel-run.ts'
import { askFlag, proveFlag } from '../commands/prove-flag.ts'
import { unsetFlag } from '../commands/unset-flag.ts'
import { shortTimes } from '../format/problem-text.ts'
import { proofKey } from '../state/runs-slice.ts'
import { useLab } from '../state/store.ts'
import { Badge } from '../ui/badge.tsx'
import { ErrorNote } from '../ui/error-note.tsx'
import { ProgressLine } from '../ui/progress-line.tsx'
import { EvidenceView } from './evidence-view.tsx'
import { FlagHelp } from './flag-help.tsx'
import { couldBeText, flagLabels, flagOf, gatesText, sentence, stateOn } from './flag-text.ts'
import { KillList } from './kill-list.tsx'
import { Refusal } from './refusal.tsx'
import { useEvidence } from './use-evidence.ts'

const tones = { off: 'plain', claimed: 'warn', proven: 'good' } as const

/** The chosen flag: why it is in its state, what the last proof said, and the record behind it. */
export function FlagDetail() {
  const selected = useLab((state) => state.selectedFlag)
  const variant = useLab((state) => state.variants.find((candidate) => candidate.id === selected?.variant))
  const status = variant && selected && flagOf(variant, selected.flag)
  if (!status) return <FlagHelp />
  return <Detail variant={variant} status={status} key={`${status.variant}#${status.flag}`} />
}

function Detail({ variant, status }: { variant: CatalogVariant; status: FlagStatus }) {
  const key = proofKey(status.variant, status.flag)
  const run = useLab((state) => Object.values(state.runs).find((candidate) => candidate.subject === key))
  const report = useLab((state) => state.proofs[key])
  const failure = useLab((state) => state.failures[key])
  const evidence = useEvidence(variant, status)
  return (
    <section className="flag-detail" aria-label={`${status.flag} of ${status.variant}`}>
      <div className="flag-detail-head">
        <h3 className="truncate">
          {status.flag} <span className="muted">of {status.variant}</span>
        </h3>
        <Badge tone={tones[status.state]}>{stateOn(status)}</Badge>
        {status.couldBe?.isTrue && <Badge tone="good">could be true</Badge>}
        <span className="flag-actions">
          {status.state === 'off' && (
            <button
              type="button"
              className="button"
              disabled={run !== undefined}
              title="Puts the kernel through every gate and writes nothing"
              onClick={() => void askFlag(status.variant, status.flag)}
            >
              Only ask
            </button>
          )}
          <button
            type="button"
            className="button"
            disabled={run !== undefined}
            onClick={() => void proveFlag(status.variant, status.flag)}
          >
            {status.state === 'off' ? 'Prove and turn on' : 'Prove again'}
          </button>
          <button
            type="button"
            className="button"
            disabled={!status.value || run !== undefined}
            onClick={() => void unsetFlag(status.variant, status.flag)}
          >
            Turn off
          </button>
        </span>
      </div>
      <p className="flag-reason">
        <span className="muted">{sentence(flagLabels[status.flag].meaning)}</span> {sentence(shortTimes(status.reason))}
      </p>
      {status.couldBe && <p className="flag-reason">{couldBeText(status.couldBe)}</p>}
      {run && <ProgressLine {...run} onCancel={() => void cancelRun(run.runId)} />}
      {failure && <ErrorNote error={failure} />}
      {report && !run && report.failures.length > 0 && <Refusal report={report} variant={variant} />}
      {status.state !== 'proven' && !run && !failure && !report?.failures.length && (
        <p className="flag-reason muted">{gatesText}</p>
      )}
      {status.state === 'off' && !run && !report?.failures.length && report?.mutants && (
        <KillList mutants={report.mutants} variant={variant} isLive />
      )}
      {evidence && status.value && (
        <EvidenceView
          record={evidence.record}
          isLive={status.state === 'proven'}
          device={status.device}
          documentId={evidence.documentId}
          variant={variant}
        />
      )}
    </section>
  )
}
