import { useMemo } from 'react'
import { currentTarget } from '../commands/run-options.ts'
import { useLab } from '../state/store.ts'
import { targetGroups, targetKey } from './targets.ts'

const noEntries: never[] = []

/** Which kernel is run: the open file's entries and variants first. */
export function TargetPicker() {
  const variants = useLab((state) => state.variants)
  const active = useLab((state) => state.open.find((document) => document.id === state.activeId) ?? null)
  const entries = useLab((state) => (state.activeId ? state.entries[state.activeId] : undefined) ?? noEntries)
  const chooseTarget = useLab((state) => state.chooseTarget)
  const key = useLab((state) => {
    const target = currentTarget(state)
    return target ? targetKey(target) : ''
  })
  const groups = useMemo(() => targetGroups({ variants, active, entries }), [variants, active, entries])
  const options = groups.flatMap((group) => group.options)
  const choose = (next: string) => chooseTarget(options.find((option) => option.key === next)?.choice ?? null)
  const isElsewhere = key.startsWith('entry:') && !options.some((option) => option.key === key)

  return (
    <label className="field">
      <span className="field-label">Kernel</span>
      <select
        className="select"
        aria-label="Kernel"
        value={key}
        onChange={(event) => choose(event.target.value)}
        data-autofocus
      >
        {key === '' && <option value="">Nothing to run yet</option>}
        {isElsewhere && <option value={key}>{key.split(':').at(-1)}</option>}
        {groups.map((group) => (
          <optgroup key={group.label} label={group.label}>
            {group.options.map((option) => (
              <option
                key={option.key}
                value={option.key}
                disabled={option.problem !== undefined}
                title={option.problem}
              >
                {option.label}
                {option.problem ? ' (cannot be run)' : ''}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  )
}
