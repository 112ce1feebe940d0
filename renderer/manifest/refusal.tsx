import type { ProofReport } from '#contract/evidence.ts'
import type { CatalogVariant } from '#contract/manifest.ts'
import { shortTimes } from '../format/problem-text.ts'
import { formatValue } from '../format/quantity.ts'
import { shortShapes } from '../format/shape-text.ts'
import { FileLink } from '../ui/error-note.tsx'
import { sentence } from './flag-text.ts'
import { KillList } from './kill-list.tsx'
import './evidence.css'

const maxFailures = 6

/** Why a flag is not earned: what failed at which gate, what watching found, and the faults that no gate noticed. */
export function Refusal({ report, variant }: { report: ProofReport; variant: CatalogVariant }) {
  const { failures, gates, sanitizer, withdrawn, mutants = [] } = report
  const survivors = mutants.filter(({ outcome }) => outcome === 'survived')
  const wrong = failures.filter(({ gate }) => gate !== 'mutants' && gate !== 'sanitizer')
  return (
    <div className="note flag-refusal" role="alert">
      <div className="note-body">
        <strong>{withdrawn === undefined ? 'Refused.' : 'Not proven any more.'}</strong>{' '}
        {sentence(shortShapes(failures[0]?.message ?? ''))}{' '}
        {gates.length > 0 && `${gates.filter((gate) => gate.passed).length} of ${gates.length} gate runs passed.`}
        {withdrawn !== undefined && ` Its evidence of ${shortTimes(withdrawn)} is taken back.`}
        {wrong.length > 0 && <Failures failures={wrong} />}
        {sanitizer && sanitizer.findings.length > 0 && (
          <ul className="flag-findings" aria-label="What watching found">
            {sanitizer.findings.slice(0, maxFailures).map(({ kind, message, file, line }) => (
              <li key={`${kind}:${file}:${line}:${message}`}>
                <FileLink file={file} line={line} /> {message}
              </li>
            ))}
          </ul>
        )}
        {survivors.length > 0 && <KillList mutants={mutants} variant={variant} isLive />}
      </div>
    </div>
  )
}

function Failures({ failures }: { failures: ProofReport['failures'] }) {
  return (
    <>
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
    </>
  )
}
