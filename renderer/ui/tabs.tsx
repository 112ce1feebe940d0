import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import './tabs.css'

interface Tab<Id extends string> {
  id: Id
  label: ReactNode
  /** Shown after the label: a dot, a count, a close button. */
  extra?: ReactNode
  title?: string
}

interface Props<Id extends string> {
  label: string
  tabs: readonly Tab<Id>[]
  active: Id | null
  /** Element id of the panel that a tab controls. */
  panelId(id: Id): string
  onSelect(id: Id): void
  /** By the middle button or Delete; absent: these tabs do not close. */
  onClose?(id: Id): void
}

/** A row of tabs: one stop for Tab, arrows move between them. */
export function Tabs<Id extends string>({ label, tabs, active, panelId, onSelect, onClose }: Props<Id>) {
  const move = (event: KeyboardEvent<HTMLElement>, index: number) => {
    const steps: Record<string, number> = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tabs.length - 1 }
    const closing = event.key === 'Delete' && tabs[index]
    if (closing) onClose?.(closing.id)
    const step = steps[event.key]
    if (step === undefined) return
    const next = tabs[(step + tabs.length) % tabs.length]
    if (!next) return
    event.preventDefault()
    onSelect(next.id)
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[(step + tabs.length) % tabs.length]?.focus()
  }

  const list = useRef<HTMLDivElement>(null)
  const place = tabs.findIndex((tab) => tab.id === active)
  useEffect(() => {
    const cell = list.current?.querySelectorAll('.tab-cell')[place]
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [place])
  // A tab list holds nothing but tabs: where each has a button beside it, the list only owns them.
  const own = onClose ? {} : { role: 'tablist', 'aria-label': label }

  return (
    <div className="tabs" ref={list} {...own}>
      {onClose && tabs.length > 0 && (
        <div role="tablist" aria-label={label} aria-owns={tabs.map(({ id }) => `tab-${id}`).join(' ')} />
      )}
      {tabs.map((tab, index) => (
        <div className="tab-cell" data-active={tab.id === active || undefined} key={tab.id} role="presentation">
          <button
            type="button"
            role="tab"
            className="tab"
            id={`tab-${tab.id}`}
            aria-selected={tab.id === active}
            aria-controls={panelId(tab.id)}
            tabIndex={tab.id === active ? 0 : -1}
            aria-keyshortcuts={onClose ? 'Delete' : undefined}
            title={tab.title}
            onClick={() => onSelect(tab.id)}
            onAuxClick={(event) => event.button === 1 && onClose?.(tab.id)}
            onKeyDown={(event) => move(event, index)}
          >
            {tab.label}
          </button>
          {tab.extra}
        </div>
      ))}
    </div>
  )
}
