import type { Mode } from '#contract/row.ts'
import { runCommand } from '../commands/all-commands.ts'
import { cancelRun } from '../commands/cancel-run.ts'
import { analysisRefusal, runAnalysis } from '../commands/run-analysis.ts'
import { runBench } from '../commands/run-bench.ts'
import { isApple, shortcutText } from '../commands/shortcuts.ts'
import { ShapeNote } from '../selection/shape-note.tsx'
import { ShapeFields, ShapePicker } from '../selection/shape-picker.tsx'
import { TargetPicker } from '../selection/target-picker.tsx'
import { useLab } from '../state/store.ts'
import { useParts } from '../state/use-parts.ts'
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

const modes: { value: Mode; label: string; hint: string }[] = [
  { value: 'single', label: 'Single', hint: 'One dispatch per command buffer' },
  { value: 'batched', label: 'Batched', hint: 'Many dispatches per command buffer' },
  { value: 'graph', label: 'Graph', hint: 'Recorded once, replayed' },
]

function RunOptions() {
  const { devices, deviceId, chooseDevice, mode, isCold, data, seed, setRunOption } = useParts(
    'devices',
    'deviceId',
    'chooseDevice',
    'mode',
    'isCold',
    'data',
    'seed',
    'setRunOption',
  )
  return (
    <div className="bench-options">
      <label className="field">
        <span className="field-label">Device</span>
        <select
          className="select"
          aria-label="Device"
          value={deviceId ?? ''}
          onChange={(event) => chooseDevice(event.target.value)}
        >
          {deviceId === null && <option value="">No device</option>}
          {devices.map((device) => (
            <option
              key={device.id}
              value={device.id}
              disabled={device.unavailable !== undefined}
              title={device.unavailable}
            >
              {device.id}
            </option>
          ))}
        </select>
      </label>
      <Segments
        label="Submission"
        name="mode"
        options={modes}
        value={mode}
        onChange={(value) => setRunOption({ mode: value })}
      />
      <Segments
        label="Cache"
        name="cache"
        options={[
          { value: 'warm', label: 'Warm', hint: 'Operands stay in the last-level cache' },
          { value: 'cold', label: 'Cold', hint: 'Operands rotate through more memory than the cache holds' },
        ]}
        value={isCold ? 'cold' : 'warm'}
        onChange={(value) => setRunOption({ isCold: value === 'cold' })}
      />
      <label className="field" title="random: uniform in [-1, 1]. pm1: only ±1, exact. legacy: the old harness' inputs">
        <span className="field-label">Data</span>
        <select
          className="select"
          aria-label="Data"
          value={data}
          onChange={(event) => setRunOption({ data: event.target.value as typeof data })}
        >
          <option value="random">random</option>
          <option value="pm1">±1</option>
          <option value="legacy">legacy</option>
        </select>
      </label>
      <label className="field">
        <span className="field-label">Seed</span>
        <input
          className="input"
          inputMode="numeric"
          value={seed}
          aria-invalid={!/^\d+$/.test(seed)}
          onChange={(event) => setRunOption({ seed: event.target.value })}
        />
      </label>
    </div>
  )
}

interface SegmentsProps<V extends string> {
  label: string
  name: string
  options: readonly { value: V; label: string; hint: string }[]
  value: V
  onChange(value: V): void
}

function Segments<V extends string>({ label, name, options, value, onChange }: SegmentsProps<V>) {
  return (
    <div className="field" role="radiogroup" aria-label={label}>
      <span className="field-label">{label}</span>
      <div className="segments">
        {options.map((option) => (
          <label className="segment" key={option.value} title={option.hint}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
    </div>
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
