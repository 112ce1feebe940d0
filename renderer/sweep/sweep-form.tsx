import { useState } from 'react'
import { runCommand } from '../commands/all-commands.ts'
import { isSweeping, runSweep, stopSweep } from '../commands/run-sweep.ts'
import { formatCount } from '../format/quantity.ts'
import { RunOptions } from '../selection/run-options.tsx'
import { useLab } from '../state/store.ts'
import { useParts } from '../state/use-parts.ts'
import { ErrorNote } from '../ui/error-note.tsx'
import { Icon } from '../ui/icon.tsx'

/** Which pairs, how they are measured, and the button. */
export function SweepForm() {
  const failure = useLab((state) => state.sweepFailure)
  return (
    <form
      className="sweep-form"
      onSubmit={(event) => {
        event.preventDefault()
        runCommand(runSweep)
      }}
    >
      <div className="sweep-what">
        <FilterField />
        <StartButton />
      </div>
      <div className="sweep-how">
        <Measured />
      </div>
      {failure && <ErrorNote error={failure} />}
    </form>
  )
}

/** How pairs are measured, in a line that opens into the form, and whether those measured before are kept. */
function Measured() {
  const [isOpen, setIsOpen] = useState(false)
  const summary = useLab(({ deviceId, tier, mode, isCold, data, seed }) =>
    [deviceId, `${tier} tier`, mode, isCold ? 'cold' : 'warm', data, `seed ${seed}`].join(' · '),
  )
  return (
    <>
      <button
        type="button"
        className="link sweep-measured"
        aria-expanded={isOpen}
        title="How pairs are measured"
        onClick={() => setIsOpen(!isOpen)}
      >
        <Icon name="chevron" size={11} /> {summary}
      </button>
      <ResumeSwitch />
      {isOpen && <RunOptions />}
    </>
  )
}

function FilterField() {
  const { sweepFilter, setSweepOption } = useParts('sweepFilter', 'setSweepOption')
  const sweeping = useLab(isSweeping)
  return (
    <label className="field sweep-filter">
      <span className="field-label">Only pairs that meet</span>
      <input
        className="input mono"
        placeholder="all, or e.g.  m1/*  m=1,n>=2048"
        title="Globs over variants and formulas over a shape (m, n, k, batch, bias …), apart by blanks; all must hold. A comma within a formula is an and."
        spellCheck={false}
        disabled={sweeping}
        value={sweepFilter}
        data-autofocus
        onChange={(event) => setSweepOption({ sweepFilter: event.target.value, sweepSource: 'plan', sweepPlace: null })}
      />
    </label>
  )
}

function ResumeSwitch() {
  const { isSweepResumed, setSweepOption } = useParts('isSweepResumed', 'setSweepOption')
  const sweeping = useLab(isSweeping)
  return (
    <label
      className="sweep-resume"
      title="Pairs whose stored row was measured with exactly this kernel, compiler, device and options are shown as cached and not measured again. This is also how a stopped sweep goes on."
    >
      <input
        type="checkbox"
        checked={isSweepResumed}
        disabled={sweeping}
        onChange={(event) => setSweepOption({ isSweepResumed: event.target.checked, sweepSource: 'plan' })}
      />
      Keep stored rows
    </label>
  )
}

function StartButton() {
  const sweeping = useLab(isSweeping)
  const canRun = useLab((state) => runSweep.when?.(state) ?? true)
  // Of conditions that were refused there is no plan; the last one is of others.
  const plan = useLab((state) => (state.sweepFailure ? undefined : state.sweepPlan?.counts))
  if (sweeping) {
    return (
      <button type="button" className="button button-large" onClick={() => runCommand(stopSweep)}>
        <Icon name="stop" size={12} /> Stop
      </button>
    )
  }
  const waiting = plan?.waiting ?? 0
  return (
    <button type="submit" className="button button-primary button-large" disabled={!canRun || waiting === 0}>
      <Icon name="play" size={13} /> {plan ? startText(waiting, plan.cached) : 'Sweep'}
    </button>
  )
}

function startText(waiting: number, cached: number): string {
  if (waiting === 0) return 'Nothing left'
  const pairs = waiting === 1 ? '1 pair' : `${formatCount(waiting)} pairs`
  return `${cached > 0 ? 'Go on with' : 'Sweep'} ${pairs}`
}
