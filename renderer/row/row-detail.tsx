import type { ReactNode } from 'react'
import type { Row } from '#contract/row.ts'
import { formatInterval } from '../format/digits.ts'
import { formatCount, formatError, formatPercent, formatTime, formatValue } from '../format/quantity.ts'
import { shapeText, shortShapes } from '../format/shape-text.ts'
import { Badge } from '../ui/badge.tsx'
import { FileLink } from '../ui/error-note.tsx'
import { Icon } from '../ui/icon.tsx'
import { RatioBar } from './ratio-bar.tsx'
import { armTime, ratioText, statusText, stopText, verdictTone } from './row-text.ts'
import { SamplePlot } from './sample-plot.tsx'
import './row.css'

/** Everything that stands behind one row. */
export function RowDetail({ row }: { row: Row }) {
  return (
    <section className="detail" aria-label="Chosen result">
      <DetailHead row={row} />
      {row.status !== 'ok' && <FailureNote row={row} />}
      {row.kernel && row.kernel.samples.length > 0 && <SamplePlot row={row} />}
      {row.kernel && <ArmTable row={row} />}
      <div className="detail-facts">
        <MeasureFacts row={row} />
        <IdentityFacts row={row} />
      </div>
    </section>
  )
}

function DetailHead({ row }: { row: Row }) {
  const ratio = ratioText(row)
  return (
    <header className="detail-head">
      <div className="detail-title">
        <h3 className="truncate">{row.variant}</h3>
        <div className="muted truncate">{shapeText(row.shape)}</div>
      </div>
      {row.ratio && ratio && (
        <>
          <div className="detail-ratio">
            <span className="detail-number">{ratio.value}</span>
            <span className="sub">of {row.baseline.name}</span>
          </div>
          <RatioBar ratio={row.ratio} text={ratio} />
        </>
      )}
      {row.verdict && (
        <div className="detail-verdict">
          <Badge tone={verdictTone[row.verdict]}>{row.verdict}</Badge>
          <p>{row.verdictReason}</p>
        </div>
      )}
    </header>
  )
}

function FailureNote({ row }: { row: Row }) {
  const { text, tone } = statusText[row.status]
  return (
    <div className={tone === 'bad' ? 'note note-bad' : tone === 'warn' ? 'note note-warn' : 'note'}>
      <Icon name={tone === 'bad' ? 'error' : tone === 'warn' ? 'warning' : 'info'} />
      <div className="note-body">
        <strong>{text[0]?.toUpperCase() + text.slice(1)}.</strong> {shortShapes(row.reason ?? '')}{' '}
        {row.location && <FileLink {...row.location} />}
        {row.error?.worstIndex !== undefined && (
          <div>
            Worst output [{row.error.worstIndex}]: expected <code>{formatValue(row.error.expected)}</code>, got{' '}
            <code>{formatValue(row.error.actual)}</code>
          </div>
        )}
      </div>
    </div>
  )
}

function ArmTable({ row }: { row: Row }) {
  const arms = [
    { name: 'kernel', series: 'kernel', arm: row.kernel, error: row.error },
    { name: row.baseline.name, series: 'baseline', arm: row.baseline, error: row.baseline.error },
  ]
  const domain = armTime(row.kernel)?.domain ?? 'CPU'
  return (
    <table className="data-table arm-table" aria-label="Times of both arms">
      <thead>
        <tr>
          <th scope="col">Arm</th>
          <th scope="col" className="number">
            {domain} time, 95 %
          </th>
          <th scope="col" className="number">
            Encode
          </th>
          <th scope="col" className="number">
            Commit
          </th>
          <th scope="col" className="number">
            Wait
          </th>
          <th scope="col" className="number">
            Samples
          </th>
          <th scope="col" className="number">
            Max error
          </th>
        </tr>
      </thead>
      <tbody>
        {arms.map(({ name, series, arm, error }) => (
          <tr key={series}>
            <td className="arm-name truncate" title={name}>
              <span className={`series-key series-${series}`} /> {name}
            </td>
            <td className="number">
              <div>{armTime(arm)?.text ?? (series === 'baseline' && row.baseline.missing ? 'missing' : '–')}</div>
              <div className="sub">{intervalText(arm)}</div>
            </td>
            <td className="number">{hostTime(arm?.encodeNs)}</td>
            <td className="number">{hostTime(arm?.commitNs)}</td>
            <td className="number">{hostTime(arm?.waitNs)}</td>
            <td className="number">
              {arm?.samples ? `${arm.samples.length} × ${formatCount(arm.iterations ?? 1)}` : '–'}
            </td>
            <td className="number">{error ? formatError(error.maxAbs) : '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function intervalText(arm: Row['baseline'] | Row['kernel']): string {
  if (arm?.lowNs === undefined || arm.highNs === undefined) return ''
  const half = (arm.highNs - arm.lowNs) / 2
  return `${formatTime(arm.lowNs, half)} to ${formatTime(arm.highNs, half)}`
}

const hostTime = (ns: number | undefined) => (ns ? formatTime(ns) : '–')

function MeasureFacts({ row }: { row: Row }) {
  const { gauge, stop, error, identity } = row
  const gaugeRatio = gauge && formatInterval({ value: gauge.ratio, low: gauge.low, high: gauge.high })
  return (
    <dl className="facts">
      {gauge && gaugeRatio && (
        <Fact name="Gauge">
          the kernel against itself reads {gaugeRatio.value} ({gaugeRatio.low} to {gaugeRatio.high}), {gauge.verdict}; a
          false difference in {formatPercent(gauge.falseVerdictRate)} of such runs today
        </Fact>
      )}
      {stop && <Fact name="Stopped">{stopText[stop]}</Fact>}
      {error && (
        <Fact name="Error">
          max abs {formatError(error.maxAbs)}, max rel {formatError(error.maxRel)}, {formatError(error.maxUlp)} ULP,{' '}
          {error.unwritten > 0
            ? `${formatCount(error.unwritten)} outputs never written`
            : `${formatError(error.bound)} of the bound`}
        </Fact>
      )}
      {identity.tier && (
        <Fact name="Tier">
          {identity.tier}
          {row.tierReason ? `, not a faster one: ${row.tierReason}` : ''}
        </Fact>
      )}
      <Fact name="Run">
        {identity.mode}, {identity.cache} cache, data {identity.data}, seed {identity.seed}, took{' '}
        {formatTime(row.wallNs)}
        {row.isCached ? '; read back from the store' : ''}
      </Fact>
    </dl>
  )
}

function IdentityFacts({ row }: { row: Row }) {
  const { identity } = row
  return (
    <details className="identity">
      <summary>Identity of this measurement</summary>
      <dl className="facts">
        {Object.entries(identity).map(([name, value]) => (
          <Fact name={name} key={name}>
            <code>{String(value)}</code>
          </Fact>
        ))}
      </dl>
    </details>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}
