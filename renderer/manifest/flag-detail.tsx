import type { EvidenceRecord, ProofReport } from '#contract/evidence.ts'
import type { CatalogVariant, FlagStatus } from '#contract/manifest.ts'
import type { TierEvidence } from '#contract/tier.ts'
import { cancelRun } from '../commands/cancel-run.ts'
import { goToLocation } from '../commands/go-to-location.ts'
import { proveFlag } from '../commands/prove-flag.ts'
import { unsetFlag } from '../commands/unset-flag.ts'
import { shortTimes } from '../format/problem-text.ts'
import { formatError, formatValue } from '../format/quantity.ts'
import { shortShapes } from '../format/shape-text.ts'
import { proofKey } from '../state/runs-slice.ts'
import { useLab } from '../state/store.ts'
import { Badge } from '../ui/badge.tsx'
import { ErrorNote } from '../ui/error-note.tsx'
import { ProgressLine } from '../ui/progress-line.tsx'
import { FlagHelp } from './flag-help.tsx'
import { flagLabels, flagOf, gatesText } from './flag-text.ts'
import { useEvidence } from './use-evidence.ts'

/** With a capital letter, unless it begins with a name, and a full stop. */
function sentence(text: string): string {
  const begin = /^[a-z]+[ ,]/.test(text) ? text.slice(0, 1).toUpperCase() : text.slice(0, 1)
  return `${begin}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}

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
  const evidence = useEvidence(variant, status.flag)
  return (
    <section className="flag-detail" aria-label={`${status.flag} of ${status.variant}`}>
      <div className="flag-detail-head">
        <h3 className="truncate">
          {status.flag} <span className="muted">of {status.variant}</span>
        </h3>
        <Badge tone={tones[status.state]}>{status.state}</Badge>
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
      </div>
      <p className="flag-reason">
        <span className="muted">{sentence(flagLabels[status.flag].meaning)}</span> {sentence(shortTimes(status.reason))}
      </p>
      {run && <ProgressLine {...run} onCancel={() => void cancelRun(run.runId)} />}
      {failure && <ErrorNote error={failure} />}
      {report && !run && report.failures.length > 0 && <Refusal report={report} />}
      {status.state !== 'proven' && !run && !failure && !report?.failures.length && (
        <p className="flag-reason muted">{gatesText}</p>
      )}
      {evidence && status.value && (
        <EvidenceView record={evidence.record} isLive={status.state === 'proven'} documentId={evidence.documentId} />
      )}
    </section>
  )
}

const maxFailures = 6

function Refusal({ report }: { report: ProofReport }) {
  const { failures, gates } = report
  return (
    <div className="note flag-refusal" role="alert">
      <div className="note-body">
        <strong>Refused.</strong> {sentence(shortShapes(failures[0]?.message ?? ''))}{' '}
        {gates.length > 0 && `${gates.filter((gate) => gate.passed).length} of ${gates.length} gate runs passed.`}
        <table className="data-table" aria-label="What failed">
          <thead>
            <tr>
              <th scope="col">Gate</th>
              <th scope="col">Shape</th>
              <th scope="col" className="number">
                Seed
              </th>
              <th scope="col" className="number">
                Index
              </th>
              <th scope="col" className="number">
                Expected
              </th>
              <th scope="col" className="number">
                Actual
              </th>
            </tr>
          </thead>
          <tbody>
            {failures.slice(0, maxFailures).map((failed) => (
              <tr key={`${failed.gate}:${failed.shape}:${failed.seed}:${failed.index}`} title={failed.message}>
                <td>{failed.gate}</td>
                <td className="mono flag-shape" title={failed.shape}>
                  {shortShapes(failed.shape)}
                </td>
                <td className="number">{failed.seed}</td>
                <td className="number">{failed.index}</td>
                <td className="number mono">{formatValue(failed.expected)}</td>
                <td className="number mono">{formatValue(failed.actual)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {failures.length > maxFailures && <span className="muted">and {failures.length - maxFailures} more</span>}
      </div>
    </div>
  )
}

const tierText = ({ tier, shapes, refusal }: TierEvidence) =>
  shapes === 0 ? `not ${tier}` : refusal ? `${tier} (${shapes} shapes)` : tier

interface EvidenceViewProps {
  record: EvidenceRecord
  /** False when something changed since. */
  isLive: boolean
  documentId: string | undefined
}

function EvidenceView({ record, isLive, documentId }: EvidenceViewProps) {
  const {
    provenAt,
    deviceName,
    deviceKind,
    compiler,
    mathMode,
    seeds,
    shapes,
    tiers,
    gates,
    sourceHash,
    entryHash,
    labVersion,
  } = record
  return (
    <div className="evidence">
      <div className="section-title">
        {isLive ? 'Evidence' : 'Evidence of an earlier state'}
        {documentId && (
          <button type="button" className="link" onClick={() => void goToLocation(documentId)}>
            Open the file
          </button>
        )}
      </div>
      <dl className="facts">
        <dt>Proven</dt>
        <dd>
          {provenAt.slice(0, 16).replace('T', ' ')} UTC, lab {labVersion}
        </dd>
        <dt>On</dt>
        <dd>
          {deviceName} ({deviceKind}), {compiler}, math {mathMode}
        </dd>
        <dt>Over</dt>
        <dd title={shapes.join('\n')}>
          {shapes.length} shapes, seeds {seeds.join(', ')}
        </dd>
        {tiers && (
          <>
            <dt>Tiers</dt>
            <dd title={tiers.flatMap(({ tier, refusal }) => (refusal ? `${tier}: ${refusal}` : [])).join('\n')}>
              {tiers.map(tierText).join(', ')}
            </dd>
          </>
        )}
        <dt>Gates</dt>
        <dd>
          {gates
            .map(
              (gate) =>
                `${gate.gate}: ${gate.runs} runs${gate.worstMargin === null ? '' : `, worst ${formatError(gate.worstMargin)} of the bound`}`,
            )
            .join('; ')}
        </dd>
        <dt>Hashes</dt>
        <dd className="mono">
          source {sourceHash.slice(0, 12)}, entry {entryHash.slice(0, 12)}
        </dd>
      </dl>
    </div>
  )
}
