import { provableFlags } from '#contract/manifest.ts'
import { FlagSign } from './flag-knob.tsx'
import { flagLabels, stateText } from './flag-text.ts'

const states = ['off', 'claimed', 'proven'] as const

/** How to read the grid: shown until a flag is chosen. */
export function FlagHelp() {
  return (
    <section className="flag-help" aria-label="How to read the flags">
      <dl className="flag-states">
        {states.map((state) => (
          <div key={state}>
            <dt>
              <FlagSign state={state} /> {state}
            </dt>
            <dd>{stateText[state]}</dd>
          </div>
        ))}
        <div>
          <dt>
            <FlagSign state="off" couldBe /> could be
          </dt>
          <dd>
            Off, but a proof that wrote nothing found that the kernel would earn it. A click proves it and turns it on.
          </dd>
        </div>
      </dl>
      <dl className="flag-meanings">
        {provableFlags.map((flag) => (
          <div key={flag}>
            <dt>{flagLabels[flag].label}</dt>
            <dd>{flagLabels[flag].meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
