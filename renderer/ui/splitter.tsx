import type { KeyboardEvent, PointerEvent } from 'react'
import './splitter.css'

interface Props {
  /** Which way the bar runs: a vertical bar is dragged sideways. */
  orientation: 'vertical' | 'horizontal'
  label: string
  /** Size in pixels of the pane that it sizes. */
  value: number
  min: number
  max: number
  /** True when the sized pane lies after the bar. */
  isAfter?: boolean
  onChange(size: number): void
}

const keyStep = 16

/** A bar between two panes, for pointer and arrow keys. */
export function Splitter({ orientation, label, value, min, max, isAfter = false, onChange }: Props) {
  const clamp = (size: number) => Math.max(min, Math.min(Math.max(min, max), size))
  const sign = isAfter ? -1 : 1

  const drag = (down: PointerEvent<HTMLDivElement>) => {
    const bar = down.currentTarget
    const begin = orientation === 'vertical' ? down.clientX : down.clientY
    bar.setPointerCapture(down.pointerId)
    const move = (event: globalThis.PointerEvent) => {
      const position = orientation === 'vertical' ? event.clientX : event.clientY
      onChange(clamp(value + sign * (position - begin)))
    }
    const end = () => bar.removeEventListener('pointermove', move)
    bar.addEventListener('pointermove', move)
    bar.addEventListener('lostpointercapture', end, { once: true })
  }

  const press = (event: KeyboardEvent) => {
    const steps: Record<string, number> =
      orientation === 'vertical'
        ? { ArrowLeft: -keyStep, ArrowRight: keyStep }
        : { ArrowUp: -keyStep, ArrowDown: keyStep }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    onChange(clamp(value + sign * step))
  }

  return (
    <div
      className={`splitter splitter-${orientation}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={Math.round(value)}
      aria-valuemin={min}
      aria-valuemax={Math.round(Math.max(min, max))}
      onPointerDown={drag}
      onKeyDown={press}
    />
  )
}
