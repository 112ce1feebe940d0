import type { EvidenceRecord } from '#contract/evidence.ts'
import type { CatalogVariant } from '#contract/manifest.ts'
import type { Sanitizer } from '#contract/mutant.ts'
import type { TierEvidence } from '#contract/tier.ts'
import { goToLocation } from '../commands/go-to-location.ts'
import { formatCount, formatError } from '../format/quantity.ts'
import { shortShapes } from '../format/shape-text.ts'
import { KillList } from './kill-list.tsx'
import './evidence.css'

interface EvidenceViewProps {
  record: EvidenceRecord
  /** False when something changed since. */
  isLive: boolean
  /** Kind of the chosen device. */
  device: string
  documentId: string | undefined
  variant: CatalogVariant
}

/** The record behind a flag: on what, over what, how near to the bounds, and which faults the gates noticed. */
export function EvidenceView({ record, isLive, device, documentId, variant }: EvidenceViewProps) {
  const { provenAt, deviceName, deviceKind, compiler, mathMode, seeds, shapes, tiers, gates, labVersion } = record
  return (
    <div className="evidence">
      <div className="section-title">
        {titleOf(record, { isLive, device })}
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
              {tiersText(tiers)}
            </dd>
          </>
        )}
        <dt>Watched</dt>
        <dd>{watchedText(record.sanitizer)}</dd>
        <dt>Hashes</dt>
        <dd className="mono">
          source {record.sourceHash.slice(0, 12)}, entry {record.entryHash.slice(0, 12)}
        </dd>
      </dl>
      <GateTable gates={gates} />
      {record.mutants ? (
        <KillList mutants={record.mutants} variant={variant} isLive={isLive} />
      ) : (
        <p className="muted">Made before the gates were themselves tested with faults put into the kernel.</p>
      )}
    </div>
  )
}

function titleOf({ deviceKind }: EvidenceRecord, { isLive, device }: { isLive: boolean; device: string }): string {
  if (deviceKind !== device) return `Evidence on ${deviceKind}, none on ${device}`
  return isLive ? `Evidence on ${device}` : 'Evidence of an earlier state'
}

function tiersText(tiers: readonly TierEvidence[]): string {
  const ran = tiers.filter(({ shapes }) => shapes > 0)
  const never = tiers.filter(({ shapes }) => shapes === 0)
  const names = ran.map(({ tier, shapes, refusal }) => (refusal ? `${tier} (${shapes} shapes)` : tier))
  return [...names, ...never.map(({ tier }) => `not ${tier}`)].join(', ')
}

function watchedText(sanitizer: Sanitizer | undefined): string {
  if (!sanitizer) return 'not: made before kernels were watched'
  const { shapes, checks, schedules, skipped, unwatchedLines = [] } = sanitizer
  if (skipped) return `not: ${skipped}`
  const runs = `${shapes.length === 1 ? '1 shape' : `${shapes.length} shapes`} in ${schedules} orders of execution`
  const open =
    unwatchedLines.length > 0 ? `; unwatched lines, which none of them runs: ${unwatchedLines.join(', ')}` : ''
  return `nothing found on ${runs} (${checks.join(', ')})${open}`
}

const gateMeaning: Record<string, string> = {
  bound: 'Every element within the derived bound of the float64 truth',
  exact: 'With data of ±1 the result is exact, bit for bit',
  poison: 'Every output is written, whatever it held before',
  guard: 'Nothing is written beside the buffers',
}

function GateTable({ gates }: Pick<EvidenceRecord, 'gates'>) {
  return (
    <table className="data-table gate-table" aria-label="Gates">
      <thead>
        <tr>
          <th scope="col">Gate</th>
          <th scope="col" className="number">
            Runs
          </th>
          <th scope="col" className="number" title="Largest error ÷ bound; up to 1 passes">
            Worst
          </th>
          <th scope="col">On</th>
        </tr>
      </thead>
      <tbody>
        {gates.map(({ gate, runs, worstMargin, worstShape, worstSeed }) => (
          <tr key={gate} title={gateMeaning[gate]}>
            <td>{gate}</td>
            <td className="number">{formatCount(runs)}</td>
            <td className="number">{worstMargin === null ? 'passed' : `${formatError(worstMargin)} of it`}</td>
            <td className="mono muted flag-shape">
              {worstMargin === null ? '' : `${shortShapes(worstShape)}, seed ${worstSeed}`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
