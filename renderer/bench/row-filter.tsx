import { useState } from 'react'
import type { RowQuery } from '#contract/row-query.ts'
import { chooseRows } from '../commands/list-rows.ts'
import { formatCount } from '../format/quantity.ts'
import { useLab } from '../state/store.ts'

const outcomes: { value: NonNullable<RowQuery['outcome']>; label: string }[] = [
  { value: 'FAST', label: 'Faster' },
  { value: 'SLOW', label: 'Slower' },
  { value: 'SAME', label: 'Same' },
  { value: 'AMBIGUOUS', label: 'Ambiguous' },
  { value: 'ok', label: 'Right' },
  { value: 'wrong', label: 'Wrong' },
  { value: 'timeout', label: 'Timeout' },
  { value: 'device-lost', label: 'Device lost' },
  { value: 'unsupported', label: 'Unsupported' },
  { value: 'invalid', label: 'Invalid' },
  { value: 'cancelled', label: 'Cancelled' },
  { value: 'failed', label: 'Failed' },
]

/** Which of all stored rows are listed, and how many these are. */
export function RowFilter({ counts }: { counts: { matching: number; kept: number } }) {
  const outcome = useLab((state) => state.rowChoice.outcome)
  const [search, setSearch] = useState(() => useLab.getState().rowChoice.search)
  const { matching, kept } = counts
  return (
    <div className="row-filter">
      <label>
        <span className="visually-hidden">Find results</span>
        <input
          className="input"
          type="search"
          placeholder="Find kernel, shape, device, tier…"
          spellCheck={false}
          value={search}
          onChange={({ target }) => {
            setSearch(target.value)
            chooseRows({ search: target.value })
          }}
        />
      </label>
      <label>
        <span className="visually-hidden">Outcome of results</span>
        <select
          className="select"
          value={outcome ?? ''}
          onChange={({ target }) => chooseRows({ outcome: (target.value || undefined) as RowQuery['outcome'] })}
        >
          <option value="">Any outcome</option>
          {outcomes.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <output className="muted">
        {matching === kept ? formatCount(kept) : `${formatCount(matching)} of ${formatCount(kept)}`}
      </output>
    </div>
  )
}
