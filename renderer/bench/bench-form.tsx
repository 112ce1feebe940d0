import { runCommand } from '../commands/all-commands.ts'
import { cancelRun } from '../commands/cancel-run.ts'
import { analysisRefusal, runAnalysis } from '../commands/run-analysis.ts'
import { runBench } from '../commands/run-bench.ts'
import { isApple, shortcutText } from '../commands/shortcuts.ts'
import { RunOptions } from '../selection/run-options.tsx'
import { ShapeNote } from '../selection/shape-note.tsx'
import { ShapeFields, ShapePicker } from '../selection/shape-picker.tsx'
import { TargetPicker } from '../selection/target-picker.tsx'
import { useLab } from '../state/store.ts'
import { ErrorNote } from '../ui/error-note.tsx'
import { Icon } from '../ui/icon.tsx'
import { ProgressLine } from '../ui/progress-line.tsx'

/** What to bench, how, and the button. */
export function BenchForm() {
  const canRun = useLab((state) => runBench.when?.(state) ?? true)
  const failure = useLab((state) => state.failures.bench)
  return (
    <form
      className="bench-form"
      onSubmit={(event) => {
        event.preventDefault()
        runCommand(runBench)
      }}
    >
      <div className="bench-what">
        <TargetPicker />
        <ShapePicker />
        <button
          type="submit"
          className="button button-primary button-large"
          disabled={!canRun}
          title={shortcutText('Mod+Enter', isApple)}
        >
          <Icon name="play" size={13} /> Bench
        </button>
      </div>
      <ShapeFields />
      <RunOptions />
      <BenchProgress />
      {failure && <ErrorNote error={failure} />}
    </form>
  )
}

function BenchProgress() {
  const run = useLab((state) => Object.values(state.runs).find((candidate) => candidate.kind === 'bench'))
  if (run) return <ProgressLine {...run} onCancel={() => void cancelRun(run.runId)} />
  return (
    <div className="bench-foot">
      <ShapeNote />
      <AnalyseButton />
    </div>
  )
}

/** The same kernel on the same shape, watched instead of timed. */
function AnalyseButton() {
  const canRun = useLab((state) => runAnalysis.when?.(state) ?? true)
  const refusal = useLab(analysisRefusal)
  return (
    <button
      type="button"
      className="button"
      disabled={!canRun}
      title={refusal ?? `${runAnalysis.label} (${shortcutText('Mod+Alt+Enter', isApple)})`}
      onClick={() => runCommand(runAnalysis)}
    >
      <Icon name="search" size={12} /> Analyse
    </button>
  )
}
