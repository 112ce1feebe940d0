import type { AnalysisReport, Finding, FindingKind, OrderDependence } from '#contract/analysis.ts'
import { formatCount } from '../format/quantity.ts'
import { Badge } from '../ui/badge.tsx'
import { FileLink } from '../ui/error-note.tsx'

const kindTexts: Record<FindingKind, string> = {
  'out-of-bounds': 'out of bounds',
  race: 'race',
  'cross-threadgroup-race': 'race between threadgroups',
  uninitialised: 'uninitialised',
  'divergent-barrier': 'divergent barrier',
}

/** What the kernel does wrong, each with its lines, its first threads, and how often. */
export function FindingList({ report, isStale }: { report: AnalysisReport; isStale: boolean }) {
  const { findings, orderDependence, omitted } = report
  if (findings.length + orderDependence.length + omitted === 0) return null
  return (
    <section aria-label="Findings">
      <div className="section-title">Findings</div>
      <ul className="finding-list">
        {findings.map((finding) => (
          <FindingItem finding={finding} isStale={isStale} key={JSON.stringify(finding)} />
        ))}
        {orderDependence.map((dependence) => (
          <OrderItem dependence={dependence} key={dependence.buffer} />
        ))}
        {omitted > 0 && <li className="muted">{formatCount(omitted)} more are not listed.</li>}
      </ul>
    </section>
  )
}

const at = (position: readonly number[]) => `(${position.join(', ')})`

function FindingItem({ finding, isStale }: { finding: Finding; isStale: boolean }) {
  const { kind, file, line, otherFile, otherLine, message, count, schedule } = finding
  return (
    <li className="finding">
      <div className="finding-head">
        <Badge tone="bad">{kindTexts[kind]}</Badge>
        <FileLink file={file} line={line} isStale={isStale} />
        {otherLine !== undefined && (
          <>
            <span className="muted">with</span>
            <FileLink file={otherFile ?? file} line={otherLine} isStale={isStale} />
          </>
        )}
        <span className="finding-count" title="How often it happened">
          {count === 1 ? 'once' : `${formatCount(count)} ×`}
        </span>
      </div>
      <p>{message}</p>
      <p className="muted">
        First seen: {firstSeen(finding)}
        {schedule !== undefined && `, under schedule ${schedule}`}
      </p>
    </li>
  )
}

function firstSeen({ thread, threadgroup, otherThread, otherThreadgroup }: Finding): string {
  const first = `thread ${at(thread)} of threadgroup ${at(threadgroup)}`
  if (otherThread === undefined) return first
  const other = otherThreadgroup ?? threadgroup
  return other.join() === threadgroup.join()
    ? `threads ${at(thread)} and ${at(otherThread)} of threadgroup ${at(threadgroup)}`
    : `${first}, thread ${at(otherThread)} of threadgroup ${at(other)}`
}

function OrderItem({ dependence }: { dependence: OrderDependence }) {
  return (
    <li className="finding">
      <div className="finding-head">
        <Badge tone="warn">order-dependent</Badge>
        <span>
          {dependence.bufferName}, buffer {dependence.buffer}
        </span>
        <span className="finding-count" title="Elements that differ">
          {formatCount(dependence.differing)} of {formatCount(dependence.elements)}
        </span>
      </div>
      <p>{dependence.message}</p>
    </li>
  )
}
