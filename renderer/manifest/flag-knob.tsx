import type { FlagState } from '#contract/manifest.ts'
import { Icon } from '../ui/icon.tsx'
import './flag.css'

/** What moves within a flag: left is off, right is on, and a sign says whether that is proven. */
export function FlagKnob({ state }: { state: FlagState | 'running' }) {
  if (state === 'running') return <span className="flag-spin" />
  return (
    <span className="flag-knob">
      {state === 'proven' && <Icon name="check" size={11} />}
      {state === 'claimed' && '?'}
    </span>
  )
}

/** A flag as a picture, for legends. */
export function FlagSign({ state, couldBe = false }: { state: FlagState; couldBe?: boolean }) {
  return (
    <span className="flag" data-state={state} data-could={couldBe || undefined} aria-hidden>
      <FlagKnob state={state} />
    </span>
  )
}
