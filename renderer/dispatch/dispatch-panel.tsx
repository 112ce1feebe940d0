import { useEffect } from 'react'
import { inspectKey, inspectSoon } from '../commands/inspect-dispatch.ts'
import { ShapeNote } from '../selection/shape-note.tsx'
import { ShapeFields, ShapePicker } from '../selection/shape-picker.tsx'
import { TargetPicker } from '../selection/target-picker.tsx'
import { useLab } from '../state/store.ts'
import { ErrorNote } from '../ui/error-note.tsx'
import { DispatchReportView } from './dispatch-report.tsx'
import './dispatch.css'

/** How a kernel would be launched on a shape, and what that means for a device; nothing is run. */
export function DispatchPanel() {
  const key = useLab(inspectKey)
  const view = useLab((state) => state.dispatch)
  useEffect(() => inspectSoon(key), [key])
  const isCurrent = view?.key === key
  return (
    <div className="dispatch">
      <form className="dispatch-form" onSubmit={(event) => event.preventDefault()}>
        <div className="dispatch-what">
          <TargetPicker />
          <ShapePicker />
        </div>
        <ShapeFields />
        <ShapeNote />
      </form>
      <section className="dispatch-body" aria-label="Dispatch report" aria-busy={!isCurrent} tabIndex={0}>
        {view?.error && <ErrorNote error={view.error} />}
        {view?.report ? (
          <DispatchReportView report={view.report} />
        ) : (
          !view?.error && (
            <div className="empty">
              <strong>{key === null ? 'Choose a kernel and a shape' : 'Building the kernel'}</strong>
              <span>Grid, threads, memory and tiles of its launch are shown here before anything is run.</span>
            </div>
          )
        )}
      </section>
    </div>
  )
}
