import type { AnalysisCheck, AnalysisReport } from '#contract/analysis.ts'
import { runCommand } from '../commands/all-commands.ts'
import { runAnalysis } from '../commands/run-analysis.ts'
import { formatTime } from '../format/quantity.ts'
import { shapeText } from '../format/shape-text.ts'
import type { AnalysisView } from '../state/analysis-slice.ts'
import { Badge } from '../ui/badge.tsx'
import { Icon } from '../ui/icon.tsx'
import { FindingList } from './finding-list.tsx'
import { LineTable } from './line-table.tsx'
import { Totals } from './totals.tsx'

/** One analysis: whether it still holds, what was found, what the kernel did in total, and which lines did it. */
export function AnalysisReportView({ view }: { view: AnalysisView }) {
  const { report, isStale } = view
  const { counters, checks } = report
  return (
    <article className="analysis-report" data-stale={isStale || undefined}>
      <header>
        <div className="analysis-title">
          <h3 className="truncate" title={report.variant}>
            {report.variant}
          </h3>
          <VerdictBadge report={report} isStale={isStale} />
        </div>
        <p className="muted">{circumstances(report)}</p>
        {report.note && <p className="tone-warn">{report.note}</p>}
      </header>
      {isStale && <StaleNote />}
      <Verdict report={report} />
      <FindingList report={report} isStale={isStale} />
      {checks.includes('counters') && (
        <>
          <Totals report={report} />
          {counters.lines.length > 0 && <LineTable view={view} />}
        </>
      )}
    </article>
  )
}

function circumstances({ shape, device, data, seed, schedules, wallNs, grid, threads, gridIsThreads }: AnalysisReport) {
  const extent = `${extentText(grid)} ${gridIsThreads ? 'threads by' : 'threadgroups of'} ${extentText(threads)}`
  const orders = `${schedules} schedule${schedules === 1 ? '' : 's'}`
  return `${shape ? shapeText(shape) : 'given arguments'} · ${extent} · ${device} · data ${data}, seed ${seed} · ${orders} · ${formatTime(wallNs)}`
}

/** `224`, `32×4`: axes of 1 at the end say nothing. */
const extentText = ([x, y, z]: readonly [number, number, number]) =>
  (z > 1 ? [x, y, z] : y > 1 ? [x, y] : [x]).join('×')

function VerdictBadge({ report, isStale }: { report: AnalysisReport; isStale: boolean }) {
  const many = report.findings.length + report.omitted
  if (isStale) return <Badge tone="warn">older text</Badge>
  if (many > 0) return <Badge tone="bad">{many === 1 ? '1 finding' : `${many} findings`}</Badge>
  if (report.orderDependence.length > 0) return <Badge tone="warn">order-dependent</Badge>
  return isChecked(report) ? <Badge tone="good">clean</Badge> : <Badge tone="plain">counted</Badge>
}

const isChecked = ({ checks }: AnalysisReport) => checks.some((check) => check !== 'counters')

function StaleNote() {
  return (
    <div className="note note-warn" role="status">
      <Icon name="warning" />
      <span className="note-body">The text was changed since. What follows is about the text before that.</span>
      <button type="button" className="button" onClick={() => runCommand(runAnalysis)}>
        Analyse again
      </button>
    </div>
  )
}

const absences: Record<AnalysisCheck, string | null> = {
  bounds: 'no access out of bounds',
  races: 'no race',
  uninitialised: 'no uninitialised read',
  barriers: 'no divergent barrier',
  counters: null,
}

/** What was not found is only worth as much as what was looked for: both are said. */
function Verdict({ report }: { report: AnalysisReport }) {
  const { findings, omitted, checks, schedules, orderDependence } = report
  if (findings.length + omitted > 0 || !isChecked(report)) return null
  const absent = checks.flatMap((check) => absences[check] ?? [])
  const sentence = absent.join(', ').replace(/^n/, 'N')
  const order =
    schedules > 1 && orderDependence.length === 0 ? ` Its output is the same under all ${schedules} schedules.` : ''
  return (
    <div className="note analysis-clean">
      <Icon name="check" />
      <span className="note-body">
        {sentence}, on this shape and data.{order}
      </span>
    </div>
  )
}
