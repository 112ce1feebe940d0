import { type AnalysisCheck, analysisChecks } from '#contract/analysis.ts'
import { parseSchedules } from '../commands/run-analysis.ts'
import { DataFields } from '../selection/data-fields.tsx'
import { useParts } from '../state/use-parts.ts'

const checkTexts: Record<AnalysisCheck, { label: string; hint: string }> = {
  bounds: { label: 'Bounds', hint: 'Accesses outside of buffers and threadgroup variables' },
  races: { label: 'Races', hint: 'Conflicting accesses between barriers, and between threadgroups' },
  uninitialised: {
    label: 'Uninitialised',
    hint: 'Reads of threadgroup memory and outputs that nothing was written to',
  },
  barriers: { label: 'Barriers', hint: 'Barriers that not all threads of a threadgroup reach' },
  counters: { label: 'Counters', hint: 'Bytes, lines, conflicts and operations of every line of the source' },
}

/** What to look for, on which data, and under how many orders of execution. */
export function AnalysisOptions() {
  const { checks, schedules, setAnalysisOption } = useParts('checks', 'schedules', 'setAnalysisOption')
  const isNone = analysisChecks.every((check) => !checks[check])
  return (
    <div className="analysis-options">
      <div className="field" role="group" aria-label="Look for">
        <span className={isNone ? 'field-label tone-bad' : 'field-label'}>
          {isNone ? 'Look for: choose at least one' : 'Look for'}
        </span>
        <div className="shape-switches">
          {analysisChecks.map((check) => (
            <label className="shape-switch" key={check} title={checkTexts[check].hint}>
              <input
                type="checkbox"
                checked={checks[check]}
                onChange={(event) => setAnalysisOption({ checks: { ...checks, [check]: event.target.checked } })}
              />
              {checkTexts[check].label}
            </label>
          ))}
        </div>
      </div>
      <label
        className="field analysis-number"
        title="Orders of simdgroups, lanes and threadgroups to run, 1 to 64. The first is without shuffling; results that differ between them are named."
      >
        <span className="field-label">Schedules</span>
        <input
          className="input"
          inputMode="numeric"
          value={schedules}
          aria-invalid={parseSchedules(schedules) === null}
          onChange={(event) => setAnalysisOption({ schedules: event.target.value })}
        />
      </label>
      <DataFields />
    </div>
  )
}
