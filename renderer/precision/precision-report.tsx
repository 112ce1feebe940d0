import type { ReactNode } from 'react'
import type { PrecisionReport, PrecisionSide } from '#contract/precision.ts'
import { formatBound, formatCount, formatError, formatValue } from '../format/quantity.ts'
import { shapeText } from '../format/shape-text.ts'
import { Badge } from '../ui/badge.tsx'
import { Icon } from '../ui/icon.tsx'
import { failCss, missingCss, rampCss, rampTop } from './heat-color.ts'
import { HeatMap } from './heat-map.tsx'
import { UlpHistogram } from './ulp-histogram.tsx'

/** One report: the table of both sides, how the errors spread, where they are, and the worst of them. */
export function PrecisionReportView({ report }: { report: PrecisionReport }) {
  const sides = report.baseline ? [report.kernel, report.baseline] : [report.kernel]
  const top = rampTop(sides.flatMap((side) => side.heat.values))
  return (
    <article className="report">
      <header>
        <h3>{report.variant}</h3>
        <p className="muted">
          {shapeText(report.shape)} · {report.device} · data {report.data}, seed {report.seed}
        </p>
      </header>
      {!report.baseline && (
        <div className="note note-warn">
          <Icon name="warning" />
          <span className="note-body">No baseline beside it. {report.baselineMissing}</span>
        </div>
      )}
      <SummaryTable report={report} />
      <UlpHistogram report={report} />
      <section>
        <div className="section-title">
          <span className="report-title">Error over the output</span>
          <HeatLegend top={top} />
        </div>
        <div className="report-sides">
          {sides.map((side, index) => (
            <Side key={side.name} side={side} index={index}>
              <HeatMap side={side} top={top} />
            </Side>
          ))}
        </div>
      </section>
      <section>
        <div className="section-title">Worst outputs</div>
        <div className="report-sides report-sides-wide">
          {sides.map((side, index) => (
            <Side key={side.name} side={side} index={index}>
              <WorstTable side={side} />
            </Side>
          ))}
        </div>
      </section>
    </article>
  )
}

function Side({ side, index, children }: { side: PrecisionSide; index: number; children: ReactNode }) {
  return (
    <div className="report-side">
      <h4 className="truncate" title={side.name}>
        <span className={`series-key series-${index === 0 ? 'kernel' : 'baseline'}`} /> {side.name.split(':').at(-1)}
      </h4>
      {children}
    </div>
  )
}

function SummaryTable({ report }: { report: PrecisionReport }) {
  const { kernel, baseline, legacy } = report
  const at = kernel.error.worstIndex
  const theirs = baseline?.worst.find((worst) => worst.index === at)
  const row = (
    name: string,
    text: (side: PrecisionSide) => ReactNode,
    truth: ReactNode = <span className="muted">0</span>,
  ) => (
    <tr>
      <th scope="row">{name}</th>
      <td className="number">{text(kernel)}</td>
      <td className="number">{baseline ? text(baseline) : <span className="muted">–</span>}</td>
      <td className="number">{truth}</td>
    </tr>
  )
  return (
    <table className="data-table summary-table" aria-label="Errors against float64">
      <thead>
        <tr>
          <td />
          <th scope="col" className="number">
            Kernel
          </th>
          <th scope="col" className="number">
            {baseline?.name ?? 'Baseline'}
          </th>
          <th scope="col" className="number">
            float64
          </th>
        </tr>
      </thead>
      <tbody>
        {row(
          'Result',
          (side) => (
            <Badge tone={side.passed ? 'good' : 'bad'}>
              {side.passed ? 'within the bound' : side.error.unwritten > 0 ? 'not written' : 'past the bound'}
            </Badge>
          ),
          <span className="muted">the truth</span>,
        )}
        {row('Max absolute error', (side) => formatError(side.error.maxAbs))}
        {row('Max relative error', (side) => formatError(side.error.maxRel))}
        {row('Max ULP', (side) => formatError(side.error.maxUlp))}
        {row('Error ÷ bound', (side) => (
          <Margin value={side.error.bound} text={formatBound(side.error)} />
        ))}
        {row('Never written', (side) => (
          <span className={side.error.unwritten > 0 ? 'tone-bad' : ''}>{formatCount(side.error.unwritten)}</span>
        ))}
        {at !== undefined && (
          <tr>
            <th scope="row">Value at the kernel's worst output, [{at}]</th>
            <td className="number mono">{formatValue(kernel.error.actual)}</td>
            <td className="number mono">{theirs ? formatValue(theirs.actual) : <span className="muted">–</span>}</td>
            <td className="number mono">{formatValue(kernel.error.expected)}</td>
          </tr>
        )}
        {legacy && (
          <tr>
            <th scope="row">By the old harness' formula, abs and rel</th>
            <td className="number mono" colSpan={3}>
              {legacy.maxAbs} and {legacy.maxRel}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  )
}

function Margin({ value, text }: { value: number; text: string }) {
  return (
    <span className="bound-margin">
      <span className="bound-track" aria-hidden="true">
        <span
          className="bound-fill"
          data-bad={!(value <= 1) || undefined}
          style={{ width: `${Math.min(1, value) * 100}%` }}
        />
      </span>
      <span className={value <= 1 ? '' : 'tone-bad'}>{text}</span>
    </span>
  )
}

function HeatLegend({ top }: { top: number }) {
  return (
    <div className="legend">
      <span>
        0 <span className="legend-ramp" style={{ background: rampCss }} /> {formatError(top)} of the bound
      </span>
      <span>
        <span className="legend-swatch legend-fail" style={{ background: failCss }} /> past it, to 1000 ×
      </span>
      <span>
        <span className="legend-swatch" style={{ background: missingCss }} /> not written, or NaN
      </span>
    </div>
  )
}

const maxWorst = 8

function WorstTable({ side }: { side: PrecisionSide }) {
  return (
    <table className="data-table worst-table" aria-label={`Worst outputs of ${side.name}`}>
      <thead>
        <tr>
          <th scope="col">Row, column</th>
          <th scope="col" className="number">
            float64
          </th>
          <th scope="col" className="number">
            Output
          </th>
          <th scope="col" className="number">
            Error
          </th>
          <th scope="col" className="number">
            ULP
          </th>
        </tr>
      </thead>
      <tbody>
        {side.worst.slice(0, maxWorst).map((worst) => (
          <tr key={worst.index}>
            <td>
              {worst.row}, {worst.column}
            </td>
            <td className="number mono">{formatValue(worst.expected)}</td>
            <td className="number mono">{formatValue(worst.actual)}</td>
            <td className="number">{formatError(worst.absError)}</td>
            <td className="number">{worst.ulps === null ? '–' : formatError(worst.ulps)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
