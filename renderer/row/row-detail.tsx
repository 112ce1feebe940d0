import { type ReactNode, useMemo } from 'react'
import { layoutText, neighboursText, type Row, repeatsText } from '#contract/row.ts'
import { rowBars } from '#contract/row-bars.ts'
import { formatAge } from '../format/age.ts'
import { formatInterval } from '../format/digits.ts'
import { formatCount, formatError, formatPercent, formatTime } from '../format/quantity.ts'
import { shapeText, shortShapes } from '../format/shape-text.ts'
import { Badge } from '../ui/badge.tsx'
import { FileLink } from '../ui/error-note.tsx'
import { Icon } from '../ui/icon.tsx'
import { useNow } from '../ui/use-now.ts'
import { ArmTable } from './arm-table.tsx'
import { RatioBar } from './ratio-bar.tsx'
import { Bars } from './row-bars.tsx'
import { ratioText, roofText, statusText, stopText, verdictTone } from './row-text.ts'
import { SamplePlot } from './sample-plot.tsx'
import './row.css'

/** Everything that stands behind one row. */
export function RowDetail({ row }: { row: Row }) {
  const groups = useMemo(() => rowBars(row), [row])
  return (
    <section className="detail" aria-label="Chosen result">
      <DetailHead row={row} />
      {row.isCached && <CachedNote row={row} />}
      {row.status !== 'ok' && <FailureNote row={row} />}
      <Bars groups={groups} label="Times of kernel, baseline and roof" />
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

/** An old number is said to be one before anything else is said about it. */
function CachedNote({ row }: { row: Row }) {
  const nowMs = useNow()
  const age = formatAge(row.startedAt, nowMs)
  return (
    <p className="detail-cached">
      <Badge tone="plain">cached</Badge> Measured {age === 'now' ? 'moments' : age} ago, {day(row.startedAt)}. Shown
      from the store; nothing was run for it now.
    </p>
  )
}

const day = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`

function FailureNote({ row }: { row: Row }) {
  const { text, tone } = statusText[row.status]
  return (
    <div className={tone === 'bad' ? 'note note-bad' : tone === 'warn' ? 'note note-warn' : 'note'}>
      <Icon name={tone === 'bad' ? 'error' : tone === 'warn' ? 'warning' : 'info'} />
      <div className="note-body">
        <strong>{text[0]?.toUpperCase() + text.slice(1)}.</strong> {shortShapes(reasonOf(row))}{' '}
        {row.location && <FileLink {...row.location} />}
      </div>
    </div>
  )
}

/** Why a row failed, without the place that it may begin with where that is a link behind it. */
const reasonOf = ({ reason = '', location }: Row) => (location ? reason.replace(/^\S+:\d+:\d+: /, '') : reason)

/** How often gauges were wrong today. */
function falseRateText({ comparisons, falseVerdicts, falseVerdictRate }: NonNullable<Row['gauge']>): string {
  if (comparisons === 0 || falseVerdictRate === null) return 'how often that is false was not measured today'
  const share =
    comparisons === undefined ? `${formatPercent(falseVerdictRate)} of` : `${falseVerdicts} of ${comparisons}`
  return `a false difference in ${share} such runs today`
}

function MeasureFacts({ row }: { row: Row }) {
  const { gauge, stop, capNs, error, identity, roof } = row
  const repeats = repeatsText(row)
  const neighbours = neighboursText(row)
  const gaugeRatio = gauge && formatInterval({ value: gauge.ratio, low: gauge.low, high: gauge.high })
  return (
    <dl className="facts">
      {gauge && gaugeRatio && (
        <Fact name="Gauge">
          the kernel against itself reads {gaugeRatio.value} ({gaugeRatio.low} to {gaugeRatio.high}),{' '}
          {gauge.cannotCall ? 'of too few rounds to call a winner' : gauge.verdict}; {falseRateText(gauge)}
        </Fact>
      )}
      {repeats && <Fact name="Repeats">{repeats}</Fact>}
      {neighbours && <Fact name="Neighbours">{neighbours}</Fact>}
      {row.layout && (
        <Fact name="Layout">
          {layoutText(row.layout)}; turning it is in no time, and the baseline's lay as the shape says
        </Fact>
      )}
      {roof && <Fact name="Roof">{roofText(roof)}</Fact>}
      {stop && (
        <Fact name="Stopped">
          {stopText[stop]}
          {stop === 'time-cap' && capNs !== undefined && `; in a sweep that is ${formatTime(capNs)} a pair`}
        </Fact>
      )}
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
