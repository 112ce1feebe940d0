interface SegmentsProps<V extends string> {
  label: string
  /** Of the radio group in its form. */
  name: string
  options: readonly { value: V; label: string; hint: string }[]
  value: V
  onChange(value: V): void
}

/** A choice of few, all of them in sight. */
export function Segments<V extends string>({ label, name, options, value, onChange }: SegmentsProps<V>) {
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
