import { shortShapes } from '../format/shape-text.ts'
import { Icon } from './icon.tsx'

interface Props {
  phase: string
  message: string
  done: number
  total: number
  isCancelling: boolean
  onCancel(): void
}

/** How far a run is, and how to stop it. */
export function ProgressLine({ phase, message, done, total, isCancelling, onCancel }: Props) {
  const fraction = total > 0 ? Math.min(1, done / total) : null
  return (
    <div className="progress">
      <span className="progress-text truncate" role="status" title={message}>
        <strong>{isCancelling ? 'cancelling' : phase}</strong> {shortShapes(message)}
      </span>
      <div
        className="progress-track"
        role="progressbar"
        aria-label={phase}
        aria-valuenow={fraction === null ? undefined : Math.round(fraction * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        data-indeterminate={fraction === null || undefined}
      >
        <div className="progress-fill" style={fraction === null ? undefined : { width: `${fraction * 100}%` }} />
      </div>
      {total > 0 && (
        <span className="muted">
          {done}/{total}
        </span>
      )}
      <button type="button" className="button" disabled={isCancelling} onClick={onCancel}>
        <Icon name="stop" size={11} /> Cancel
      </button>
    </div>
  )
}
