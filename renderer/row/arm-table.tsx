import type { Row } from '#contract/row.ts'
import { formatCount, formatError, formatPercent, formatTime } from '../format/quantity.ts'
import { armTime } from './row-text.ts'

type Arm = Row['baseline'] | NonNullable<Row['kernel']>

interface Line {
  name: string
  hint?: string
  /** What is shown, and what stands smaller behind it. */
  of(arm: Arm): [text: string, more?: string] | null
}

const hostTime = (ns: number | undefined): [string] | null => (ns ? [formatTime(ns)] : null)

/** In the order in which a person asks: how long, how near to what is possible, what it cost the host. */
const lines: Line[] = [
  {
    name: 'Of the roof',
    hint: 'The least time that this device can take for the shape, by peaks the lab measured on it, ÷ this time',
    of: ({ roofFraction }) => (roofFraction === undefined ? null : [formatPercent(roofFraction)]),
  },
  {
    name: 'Per dispatch',
    hint: 'What the host spends on one more dispatch in this mode: the slope of the time to build and hand over N',
    of: ({ overheadNsPerDispatch, overheadUnresolved }) => {
      if (!overheadNsPerDispatch) return overheadUnresolved === undefined ? null : ['not resolved']
      const { value, low, high } = overheadNsPerDispatch
      const half = (high - low) / 2
      // A slope that may as well be 0: all that was found is what it does not exceed.
      if (low <= 0) return [`< ${formatTime(high)}`]
      return [formatTime(value, half), `${formatTime(low, half)} to ${formatTime(high, half)}`]
    },
  },
  { name: 'Encode', hint: 'Host time to record the work', of: ({ encodeNs }) => hostTime(encodeNs) },
  { name: 'Commit', hint: 'Host time to hand it over', of: ({ commitNs }) => hostTime(commitNs) },
  { name: 'Wait', hint: 'Host time until it was done', of: ({ waitNs }) => hostTime(waitNs) },
  {
    name: 'Samples',
    hint: 'Samples × iterations in each',
    of: ({ samples, iterations }) => (samples ? [`${samples.length} × ${formatCount(iterations ?? 1)}`] : null),
  },
]

/** What was measured of both arms, one below the other, so that each figure is compared with its own kind. */
export function ArmTable({ row }: { row: Row }) {
  const kernel = row.kernel
  const baseline = row.baseline
  if (!kernel) return null
  const domain = armTime(kernel)?.domain ?? 'CPU'
  const shown = lines.filter(({ of }) => of(kernel) !== null || of(baseline) !== null)
  return (
    <table className="data-table arm-table" aria-label="Times of both arms">
      <thead>
        <tr>
          <td />
          <th scope="col" className="number">
            <span className="series-key series-kernel" /> kernel
          </th>
          <th scope="col" className="number">
            <span className="series-key series-baseline" /> {baseline.name}
          </th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row" title="Median over the samples, with its 95 % interval">
            {domain} time
          </th>
          <TimeCell arm={kernel} />
          <TimeCell arm={baseline} missing={baseline.missing} />
        </tr>
        {shown.map(({ name, hint, of }) => (
          <tr key={name}>
            <th scope="row" title={hint}>
              {name}
            </th>
            <Cell content={of(kernel)} />
            <Cell content={of(baseline)} />
          </tr>
        ))}
        <tr>
          <th scope="row" title="Largest difference from the float64 truth, and its share of the derived bound">
            Max error
          </th>
          <ErrorCell error={row.error} />
          <ErrorCell error={baseline.error} />
        </tr>
      </tbody>
    </table>
  )
}

function TimeCell({ arm, missing }: { arm: Arm; missing?: string }) {
  const time = armTime(arm)
  if (!time) {
    return (
      <td className="number muted" title={missing}>
        {missing ? 'missing' : '–'}
      </td>
    )
  }
  const { lowNs, highNs } = arm
  const half = lowNs === undefined || highNs === undefined ? undefined : (highNs - lowNs) / 2
  const more = half === undefined ? undefined : `${formatTime(lowNs ?? 0, half)} to ${formatTime(highNs ?? 0, half)}`
  return <Cell content={[time.text, more]} isStrong />
}

function ErrorCell({ error }: { error: Row['error'] }) {
  if (!error) return <Cell content={null} />
  return <Cell content={[formatError(error.maxAbs), `${formatError(error.bound)} of the bound`]} />
}

function Cell({ content, isStrong = false }: { content: [string, string?] | null; isStrong?: boolean }) {
  if (!content) return <td className="number muted">–</td>
  const [text, more] = content
  return (
    <td className="number">
      {isStrong ? <strong>{text}</strong> : text}
      {more && <span className="sub arm-more">{more}</span>}
    </td>
  )
}
