import { useMemo } from 'react'
import { activations, type ListedShape } from '#contract/shape.ts'
import { currentTarget, withDtype } from '../commands/run-options.ts'
import { isSameShape, shapeText } from '../format/shape-text.ts'
import type { ShapeDraft } from '../state/selection-slice.ts'
import { useLab } from '../state/store.ts'
import { parseDraft } from './shape-form.ts'
import './selection.css'

/** The shapes of the workspace's lists, by what they are in the model. */
export function ShapePicker() {
  const shapes = useLab((state) => state.shapes)
  const draft = useLab((state) => state.draft)
  const chooseShape = useLab((state) => state.chooseShape)
  const parsed = parseDraft(draft)
  const index = parsed.ok
    ? shapes.findIndex((listed) => isSameShape({ ...listed.shape, dtype: parsed.shape.dtype }, parsed.shape))
    : -1
  const total = useMemo(() => shapes.reduce((sum, listed) => sum + (listed.totalMs ?? 0), 0), [shapes])
  return (
    <label className="field">
      <span className="field-label">Shape</span>
      <select
        className="select"
        aria-label="Shape"
        value={index}
        onChange={(event) => {
          const listed = shapes[Number(event.target.value)]
          if (listed) chooseShape(listed.hasDtype ? listed.shape : { ...listed.shape, dtype: draft.dtype })
        }}
      >
        <option value={-1} disabled>
          Custom shape
        </option>
        {shapes.map((listed, position) => (
          <option key={`${listed.line}:${shapeText(listed.shape)}`} value={position}>
            {listedText(listed, total)}
          </option>
        ))}
      </select>
    </label>
  )
}

function listedText({ shape, hasDtype, role, op, totalMs }: ListedShape, total: number): string {
  const share =
    totalMs !== undefined && total > 0
      ? ` · ${((100 * totalMs) / total).toFixed(totalMs / total < 0.1 ? 1 : 0)} % of time`
      : ''
  return `${shapeText(shape, { hasDtype: hasDtype ?? false })} · ${role ?? op}${share}`
}

type NumberName = 'm' | 'n' | 'k' | 'batch' | 'alpha' | 'beta'
type SwitchName = 'tA' | 'tB' | 'bias' | 'accumulate'

const numbers: { name: NumberName; label: string; hint: string }[] = [
  { name: 'm', label: 'm', hint: 'Rows of C' },
  { name: 'n', label: 'n', hint: 'Columns of C' },
  { name: 'k', label: 'k', hint: 'Length of the inner product' },
  { name: 'batch', label: 'batch', hint: 'Number of products' },
  { name: 'alpha', label: 'α', hint: 'Factor of the product' },
  { name: 'beta', label: 'β', hint: 'Factor of what C held before' },
]
const switches: { name: SwitchName; label: string; hint: string }[] = [
  { name: 'tA', label: 'Aᵀ', hint: 'A is stored transposed, k × m' },
  { name: 'tB', label: 'Bᵀ', hint: 'B is stored transposed, n × k' },
  { name: 'bias', label: 'bias', hint: 'Add a bias of n elements' },
  { name: 'accumulate', label: 'acc', hint: 'Accumulate onto C' },
]

/** The shape itself, every part of it open to change. */
export function ShapeFields() {
  const draft = useLab((state) => state.draft)
  const editShape = useLab((state) => state.editShape)
  const variantDtype = useLab((state) => {
    const target = currentTarget(state)
    return target?.kind === 'variant' ? withDtype(state, target).draft.dtype : null
  })
  const parsed = parseDraft(draft)
  const errors = parsed.ok ? {} : parsed.errors
  return (
    <fieldset className="shape-fields">
      <legend className="visually-hidden">Shape</legend>
      {numbers.map(({ name, label, hint }) => (
        <label className="field" key={name} title={errors[name] ?? hint}>
          <span className="field-label">{label}</span>
          <input
            className="input"
            inputMode="decimal"
            aria-label={`${label === name ? '' : `${name} `}${label}: ${hint}`}
            aria-invalid={errors[name] !== undefined}
            value={draft[name]}
            onChange={(event) => editShape({ [name]: event.target.value } as Partial<ShapeDraft>)}
          />
        </label>
      ))}
      <div className="shape-switches">
        {switches.map(({ name, label, hint }) => (
          <label className="shape-switch" key={name} title={hint}>
            <input
              type="checkbox"
              aria-label={`${name}: ${hint}`}
              checked={draft[name]}
              onChange={(event) => editShape({ [name]: event.target.checked } as Partial<ShapeDraft>)}
            />
            {label}
          </label>
        ))}
      </div>
      <label className="field" title="What is applied to every output, after bias, α and β">
        <span className="field-label">act</span>
        <select
          className="select"
          aria-label="Activation"
          value={draft.act}
          onChange={(event) => editShape({ act: event.target.value as ShapeDraft['act'] })}
        >
          {activations.map((act) => (
            <option key={act}>{act}</option>
          ))}
        </select>
      </label>
      <label
        className="field"
        title={variantDtype ? 'The element type of the chosen variant' : 'Element type of A, B, C and bias'}
      >
        <span className="field-label">type</span>
        <select
          className="select"
          aria-label="Element type"
          value={variantDtype ?? draft.dtype}
          disabled={variantDtype !== null}
          onChange={(event) => editShape({ dtype: event.target.value as ShapeDraft['dtype'] })}
        >
          <option>f16</option>
          <option>bf16</option>
          <option>f32</option>
        </select>
      </label>
    </fieldset>
  )
}
