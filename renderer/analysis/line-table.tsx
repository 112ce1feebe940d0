import { documentIdOf, goToFile } from '../commands/go-to-location.ts'
import { editorPort } from '../editor/editor-port.ts'
import { type AnalysisView, type MetricId, metricIds } from '../state/analysis-slice.ts'
import { useParts } from '../state/use-parts.ts'
import { type HeatedLine, heatLines, metrics } from './metrics.ts'

const maxLines = 14

/** The lines that a counter is about, hottest first, and which counter the editor's margin shows. */
export function LineTable({ view }: { view: AnalysisView }) {
  const { metric } = useParts('metric')
  const chosen = metrics[metric]
  const heated = heatLines(view.report.counters.lines, chosen).toSorted((a, b) => b.heat - a.heat)
  const hidden = heated.length - maxLines
  const isOneFile = new Set(heated.map(({ line }) => line.file)).size < 2
  return (
    <section aria-label="Lines">
      <div className="section-title analysis-lines-head">
        Lines
        <MetricPicker />
      </div>
      {heated.length === 0 ? (
        <p className="muted analysis-none">No line has any of it.</p>
      ) : (
        <table
          className="data-table analysis-lines"
          data-files={!isOneFile || undefined}
          aria-label={`Lines by ${chosen.label}`}
        >
          <tbody>
            {heated.slice(0, maxLines).map((one) => (
              <LineRow
                key={`${one.line.file}:${one.line.line}`}
                one={one}
                view={view}
                metric={metric}
                hasFile={!isOneFile}
              />
            ))}
          </tbody>
        </table>
      )}
      {hidden > 0 && <p className="muted analysis-none">{hidden} more lines have less of it.</p>}
    </section>
  )
}

function MetricPicker() {
  const { metric, isGutterShown, setAnalysisOption } = useParts('metric', 'isGutterShown', 'setAnalysisOption')
  return (
    <span className="metric-picker">
      <select
        className="select"
        aria-label="Counter"
        title={metrics[metric].hint}
        value={metric}
        onChange={(event) => setAnalysisOption({ metric: event.target.value as MetricId })}
      >
        {metricIds.map((id) => (
          <option key={id} value={id}>
            {metrics[id].label}
          </option>
        ))}
      </select>
      <label className="shape-switch" title="Show the counter beside the code">
        <input
          type="checkbox"
          checked={isGutterShown}
          onChange={(event) => setAnalysisOption({ isGutterShown: event.target.checked })}
        />
        in the margin
      </label>
    </span>
  )
}

interface RowProps {
  one: HeatedLine
  view: AnalysisView
  metric: MetricId
  hasFile: boolean
}

function LineRow({ one, view, metric, hasFile }: RowProps) {
  const { file, line } = one.line
  const place = hasFile ? `${file.split('/').at(-1)}:${line}` : String(line)
  return (
    <tr>
      <th scope="row">
        {view.isStale ? (
          <span className="mono muted" title="A line of the text as it was; it may be elsewhere now.">
            {place}
          </span>
        ) : (
          <button
            type="button"
            className="link mono"
            aria-label={`Go to line ${line}`}
            onClick={() => void goToFile(file, line)}
          >
            {place}
          </button>
        )}
      </th>
      <td className="analysis-source">
        <code className="truncate">{sourceOf(view, file, line)}</code>
      </td>
      <td className="number">{metrics[metric].text(one.value)}</td>
      <td className="analysis-heat-cell" aria-hidden="true">
        <span style={{ width: `${Math.round(100 * Math.min(1, one.heat))}%` }} />
      </td>
    </tr>
  )
}

/** The line as it was analysed, where the window knows it. */
function sourceOf({ texts }: AnalysisView, file: string, line: number): string {
  const id = documentIdOf(file)
  const text = id === undefined ? undefined : (texts[id] ?? editorPort().text(id))
  return text?.split(/\r?\n/)[line - 1]?.trim() ?? ''
}
