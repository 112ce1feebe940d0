interface SegmentsProps<V extends string> {
  label: string
  /** The label is only heard. */
  isBare?: boolean
  /** Of the radio group in its form. */
  name: string
  options: readonly { value: V; label: string; hint: string }[]
  value: V
  onChange(value: V): void
}

/** A choice of few, all of them in sight. */
export function Segments<V extends string>({
  label,
  isBare = false,
  name,
  options,
  value,
  onChange,
}: SegmentsProps<V>) {
  return (
    <div className="field" role="radiogroup" aria-label={label}>
      {!isBare && <span className="field-label">{label}</span>}
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
