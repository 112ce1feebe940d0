import type { SweepCounts, SweepStatus } from '#contract/sweep.ts'
import { formatCount } from '../format/quantity.ts'
import { useLab } from '../state/store.ts'
import { shownMatrix } from '../state/sweep-slice.ts'
import { durationText, remainingNs } from './sweep-time.ts'

/** How many pairs there are of each kind, as a bar and in words, and how long the rest will take. */
export function SweepProgressLine() {
  const counts = useLab((state) => shownMatrix(state)?.counts ?? null)
  const sweep = useLab((state) => (state.sweepSource === 'sweep' ? state.sweep : null))
  if (!counts) return null
  const parts = partsOf(counts)
  return (
    <div className="sweep-state">
      <div className="sweep-bar" aria-hidden>
        {parts.map(({ kind, count }) => (
          <span key={kind} data-kind={kind} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul className="sweep-counts" aria-label="Pairs">
        {parts.map(({ kind, label, count }) => (
          <li key={kind}>
            <span className="sweep-key" data-kind={kind} /> <strong>{formatCount(count)}</strong> {label}
          </li>
        ))}
      </ul>
      <span className="sweep-time" role="status">
        {sweep ? sweepText(sweep) : `${formatCount(counts.pairs)} pairs`}
      </span>
    </div>
  )
}

function partsOf({ measured, cached, right, waiting, gaps }: SweepCounts) {
  const parts = [
    { kind: 'right', label: 'right', count: right },
    { kind: 'problem', label: 'not right', count: measured + cached - right },
    { kind: 'waiting', label: 'waiting', count: waiting },
    { kind: 'gap', label: gaps === 1 ? 'gap' : 'gaps', count: gaps },
  ]
  return parts.filter(({ count }) => count > 0)
}

const stateText = {
  running: 'sweeping',
  cancelling: 'stopping',
  finished: 'finished',
  cancelled: 'stopped',
  failed: 'failed',
} as const

function sweepText({ state, reason, counts, elapsedNs, measuringNs }: SweepStatus): string {
  const left = state === 'running' ? remainingNs({ counts, elapsedNs }) : null
  const share =
    elapsedNs > 0 && measuringNs > 0 ? `${Math.round((100 * measuringNs) / elapsedNs)} % of it measuring` : ''
  const parts = [
    `${stateText[state]}${reason ? `: ${reason}` : ''}`,
    counts.cached > 0 && `${formatCount(counts.cached)} from the store`,
    `${durationText(elapsedNs)}${share ? `, ${share}` : ''}`,
    left !== null && `about ${durationText(left)} left`,
  ]
  return parts.filter(Boolean).join(' · ')
}
