import type { SweepShow, SweepView } from '../state/sweep-slice.ts'
import { useParts } from '../state/use-parts.ts'
import { Segments } from '../ui/segments.tsx'
import { ExportMenu } from './export-menu.tsx'

const views: { value: SweepView; label: string; hint: string }[] = [
  { value: 'matrix', label: 'Matrix', hint: 'Every variant on every shape' },
  { value: 'best', label: 'Best', hint: 'The fastest kernel for each shape beside the baseline' },
  { value: 'gaps', label: 'Gaps', hint: 'What is not run, by the rule that keeps it out' },
]

const shows: { value: SweepShow; label: string }[] = [
  { value: 'all', label: 'Show everything' },
  { value: 'run', label: 'Without gaps' },
  { value: 'fast', label: 'Only faster' },
  { value: 'slow', label: 'Only slower' },
  { value: 'open', label: 'Waiting or ambiguous' },
  { value: 'problem', label: 'Not right' },
  { value: 'cached', label: 'From the store' },
  { value: 'gap', label: 'Only gaps' },
]

/** Which side of the result is looked at, and how it leaves the window. */
export function ViewBar() {
  const { sweepView, sweepShow, sweepSearch, setSweepOption } = useParts(
    'sweepView',
    'sweepShow',
    'sweepSearch',
    'setSweepOption',
  )
  return (
    <div className="sweep-views">
      <Segments
        isBare
        label="View"
        name="sweep-view"
        options={views}
        value={sweepView}
        onChange={(value) => setSweepOption({ sweepView: value })}
      />
      {sweepView === 'matrix' && (
        <>
          <label>
            <span className="visually-hidden">Find a variant</span>
            <input
              className="input sweep-search"
              type="search"
              placeholder="Find…"
              spellCheck={false}
              value={sweepSearch}
              onChange={(event) => setSweepOption({ sweepSearch: event.target.value })}
            />
          </label>
          <label>
            <span className="visually-hidden">Show</span>
            <select
              className="select"
              value={sweepShow}
              onChange={(event) => setSweepOption({ sweepShow: event.target.value as SweepShow })}
            >
              {shows.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </label>
        </>
      )}
      <span className="sweep-space" />
      <ExportMenu />
    </div>
  )
}
