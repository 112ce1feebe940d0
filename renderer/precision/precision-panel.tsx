import { runCommand } from '../commands/all-commands.ts'
import { cancelRun } from '../commands/cancel-run.ts'
import { runPrecision } from '../commands/run-bench.ts'
import { ShapeNote } from '../selection/shape-note.tsx'
import { ShapeFields, ShapePicker } from '../selection/shape-picker.tsx'
import { TargetPicker } from '../selection/target-picker.tsx'
import { useLab } from '../state/store.ts'
import { ErrorNote } from '../ui/error-note.tsx'
import { ProgressLine } from '../ui/progress-line.tsx'
import { PrecisionReportView } from './precision-report.tsx'
import './precision.css'

/** How wrong the kernel is, beside the baseline and the float64 truth. */
export function PrecisionPanel() {
  const canRun = useLab((state) => runPrecision.when?.(state) ?? true)
  const report = useLab((state) => state.precision)
  const failure = useLab((state) => state.failures.precision)
  const run = useLab((state) => Object.values(state.runs).find((candidate) => candidate.kind === 'precision'))
  return (
    <div className="precision">
      <form
        className="precision-form"
        onSubmit={(event) => {
          event.preventDefault()
          runCommand(runPrecision)
        }}
      >
        <div className="precision-what">
          <TargetPicker />
          <ShapePicker />
          <button type="submit" className="button button-primary button-large" disabled={!canRun}>
            Measure error
          </button>
        </div>
        <ShapeFields />
        {run ? <ProgressLine {...run} onCancel={() => void cancelRun(run.runId)} /> : <ShapeNote />}
        {failure && <ErrorNote error={failure} />}
      </form>
      <section className="precision-body" aria-label="Precision report" tabIndex={0}>
        {report ? (
          <PrecisionReportView report={report} />
        ) : (
          <div className="empty">
            <strong>Nothing measured yet</strong>
            <span>The kernel and the baseline are both compared with a product computed in float64.</span>
          </div>
        )}
      </section>
    </div>
  )
}
