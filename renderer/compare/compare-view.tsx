import { useMemo } from 'react'
import { type Comparison, compareRows, type MetricDiff, type MetricOutcome } from '#contract/compare.ts'
import type { Row } from '#contract/row.ts'
import { comparisonBars } from '#contract/row-bars.ts'
import { changeText, comparisonNotes, figureText, outcomeText } from '#contract/row-export.ts'
import { formatAge } from '../format/age.ts'
import { shapeText } from '../format/shape-text.ts'
import { Bars } from '../row/row-bars.tsx'
import type { Tone } from '../row/row-text.ts'
import { Badge } from '../ui/badge.tsx'
import { useNow } from '../ui/use-now.ts'
import { SourceDiff } from './source-diff.tsx'
import './compare.css'

/** A row held against the reference: every figure with its interval, what else differs, and both sources. */
export function CompareView({ reference, row }: { reference: Row; row: Row }) {
  const comparison = useMemo(() => compareRows(reference, row), [reference, row])
  const groups = useMemo(() => comparisonBars(reference, row), [reference, row])
  return (
    <section className="compare" aria-label="Comparison with the reference">
      <div className="compare-figures">
        <Sides reference={reference} row={row} />
        <Conditions comparison={comparison} />
        <MetricTable metrics={comparison.metrics} />
        <Notes comparison={comparison} />
        <Bars groups={groups} label="Times of both" />
      </div>
      <SourceDiff reference={reference} row={row} />
    </section>
  )
}

function Sides({ reference, row }: { reference: Row; row: Row }) {
  const nowMs = useNow()
  return (
    <dl className="facts compare-sides">
      {[
        { name: 'Reference', of: reference },
        { name: 'This', of: row },
      ].map(({ name, of }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <strong>{of.variant}</strong>
            <div className="muted">
              {shapeText(of.shape)} · {of.device} {of.identity.tier} · {formatAge(of.startedAt, nowMs)} · {of.status}
            </div>
          </dd>
        </div>
      ))}
    </dl>
  )
}

const tones: Record<MetricOutcome, Tone> = { better: 'good', worse: 'bad', equal: 'plain', '?': 'warn', none: 'plain' }

const hints: Record<MetricOutcome, string> = {
  better: 'The difference is larger than both intervals, and these share nothing',
  worse: 'The difference is larger than both intervals, and these share nothing',
  equal: 'The same exact figure',
  '?': 'The difference is not larger than both intervals, or one of them is not known',
  none: 'Not to be compared: missing, or of another shape or clock',
}

function MetricTable({ metrics }: { metrics: readonly MetricDiff[] }) {
  return (
    <table className="data-table compare-table" aria-label="Metrics of both">
      <thead>
        <tr>
          <td />
          <th scope="col" className="number">
            Reference
          </th>
          <th scope="col" className="number">
            This
          </th>
          <th scope="col" className="number" title="This ÷ reference, the ends from the outermost ones of both">
            Change
          </th>
          <th scope="col">This is</th>
        </tr>
      </thead>
      <tbody>
        {metrics.map((metric) => (
          <tr key={metric.name}>
            <th scope="row">{metric.name}</th>
            <FigureCell metric={metric} of="reference" />
            <FigureCell metric={metric} of="row" />
            <TextCell text={changeText(metric)} />
            <td>
              <Badge tone={tones[metric.outcome]} title={hints[metric.outcome]}>
                {outcomeText[metric.outcome]}
              </Badge>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function FigureCell({ metric, of }: { metric: MetricDiff; of: 'reference' | 'row' }) {
  const figure = metric[of]
  if (!figure) return <td className="number muted">–</td>
  return <TextCell text={figureText(figure, metric.kind)} />
}

/** A figure, and its interval below it. */
function TextCell({ text }: { text: string }) {
  const [value, interval] = text.split(' [')
  return (
    <td className="number">
      {value}
      {interval && <div className="sub">[{interval}</div>}
    </td>
  )
}

/** What makes two figures something else than a comparison of kernels stands before them. */
function Conditions({ comparison: { conditions } }: { comparison: Comparison }) {
  if (conditions.length === 0) return null
  return (
    <div className="note note-warn">
      <div className="note-body">
        <strong>Not only the kernel may differ.</strong>
        <ul className="compare-conditions">
          {conditions.map(({ name, reference, row }) => (
            <li key={name}>
              {name}: <code>{reference}</code> → <code>{row}</code>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

function Notes({ comparison }: { comparison: Comparison }) {
  const notes = comparisonNotes({ ...comparison, conditions: [] })
  return (
    <ul className="compare-notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  )
}
