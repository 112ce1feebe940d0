import { runCommand } from '../commands/all-commands.ts'
import { cancelRun } from '../commands/cancel-run.ts'
import { analysisRefusal, runAnalysis } from '../commands/run-analysis.ts'
import { isApple, shortcutText } from '../commands/shortcuts.ts'
import { shownAnalysis } from '../commands/shown-analysis.ts'
import { ShapeNote } from '../selection/shape-note.tsx'
import { ShapeFields, ShapePicker } from '../selection/shape-picker.tsx'
import { TargetPicker } from '../selection/target-picker.tsx'
import { useLab } from '../state/store.ts'
import { ErrorNote } from '../ui/error-note.tsx'
import { Icon } from '../ui/icon.tsx'
import { ProgressLine } from '../ui/progress-line.tsx'
import { AnalysisOptions } from './analysis-options.tsx'
import { AnalysisReportView } from './analysis-report.tsx'
import './analysis.css'

/** What a kernel does to memory, line by line, and what it does wrong. */
export function AnalysisPanel() {
  const view = useLab(shownAnalysis)
  return (
    <div className="analysis">
      <AnalysisForm />
      <section className="analysis-body" aria-label="Analysis report" tabIndex={0}>
        {view ? (
          <AnalysisReportView view={view} />
        ) : (
          <div className="empty">
            <strong>This kernel was not analysed yet</strong>
            <span>
              It is run once under watch: every access that is out of bounds, races or reads what nobody wrote is found,
              and what each line moves is counted.
            </span>
          </div>
        )}
      </section>
    </div>
  )
}

function AnalysisForm() {
  const canRun = useLab((state) => runAnalysis.when?.(state) ?? true)
  const refusal = useLab(analysisRefusal)
  const failure = useLab((state) => state.failures.analysis)
  const run = useLab((state) => Object.values(state.runs).find((candidate) => candidate.kind === 'analysis'))
  return (
    <form
      className="analysis-form"
      onSubmit={(event) => {
        event.preventDefault()
        runCommand(runAnalysis)
      }}
    >
      <div className="analysis-what">
        <TargetPicker />
        <ShapePicker />
        <button
          type="submit"
          className="button button-primary button-large"
          disabled={!canRun}
          title={refusal ?? shortcutText('Mod+Alt+Enter', isApple)}
        >
          <Icon name="search" size={13} /> Analyse
        </button>
      </div>
      <ShapeFields />
      <AnalysisOptions />
      {run ? <ProgressLine {...run} onCancel={() => void cancelRun(run.runId)} /> : <ShapeNote />}
      {refusal && (
        <div className="note note-warn">
          <Icon name="warning" />
          <span className="note-body">{refusal}</span>
        </div>
      )}
      {failure && <ErrorNote error={failure} />}
    </form>
  )
}
