import { useParts } from '../state/use-parts.ts'

/** What the operands hold. */
export function DataFields() {
  const { data, seed, setRunOption } = useParts('data', 'seed', 'setRunOption')
  return (
    <>
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
      <label className="field seed-field">
        <span className="field-label">Seed</span>
        <input
          className="input"
          inputMode="numeric"
          value={seed}
          aria-invalid={!/^\d+$/.test(seed)}
          onChange={(event) => setRunOption({ seed: event.target.value })}
        />
      </label>
    </>
  )
}
