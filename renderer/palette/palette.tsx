import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { allCommands, runCommand } from '../commands/all-commands.ts'
import { openDocument } from '../commands/open-document.ts'
import { isApple, shortcutText } from '../commands/shortcuts.ts'
import { type State, useLab } from '../state/store.ts'
import { fuzzyFilter } from './fuzzy.ts'
import './palette.css'

interface Item {
  id: string
  label: string
  hint?: string
  shortcut?: string
  choose(): void
}

const maxItems = 60

/** One field over every command (after `>`) and every file. */
export function Palette() {
  const mode = useLab((state) => state.palette)
  return mode ? <PaletteBox key={mode} initial={mode === 'commands' ? '>' : ''} /> : null
}

function PaletteBox({ initial }: { initial: string }) {
  const [query, setQuery] = useState(initial)
  const [index, setIndex] = useState(0)
  const opener = useRef(document.activeElement)
  const items = itemsFor(useLab.getState(), query).slice(0, maxItems)
  const current = items[Math.min(index, items.length - 1)]

  const close = () => {
    useLab.getState().setLayout({ palette: null })
    if (opener.current instanceof HTMLElement) opener.current.focus()
  }
  const choose = (item: Item | undefined) => {
    close()
    item?.choose()
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close()
    else if (event.key === 'Enter') choose(current)
    else if (event.key === 'ArrowDown') setIndex((index + 1) % Math.max(1, items.length))
    else if (event.key === 'ArrowUp') setIndex((index - 1 + items.length) % Math.max(1, items.length))
    else if (event.key !== 'Tab') return
    event.preventDefault()
  }
  useEffect(() => {
    if (current) document.getElementById(`palette-${current.id}`)?.scrollIntoView({ block: 'nearest' })
  }, [current])

  return (
    <div className="palette-veil" onPointerDown={(event) => event.target === event.currentTarget && close()}>
      <div className="palette" role="dialog" aria-modal="true" aria-label="Commands and files">
        <input
          className="palette-input"
          role="combobox"
          aria-label="Type a command after >, or a file name"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={current && `palette-${current.id}`}
          placeholder="File name, or > for commands"
          value={query}
          // biome-ignore lint/a11y/noAutofocus: a dialog takes the keyboard when it opens
          autoFocus
          onChange={(event) => {
            setQuery(event.target.value)
            setIndex(0)
          }}
          onKeyDown={press}
        />
        <ul className="palette-list" id="palette-list" role="listbox" aria-label="Matches">
          {items.map((item) => (
            <li
              key={item.id}
              id={`palette-${item.id}`}
              role="option"
              className="palette-item"
              aria-selected={item === current}
              onPointerDown={(event) => {
                event.preventDefault()
                choose(item)
              }}
            >
              <span className="truncate">{item.label}</span>
              {item.hint && <span className="muted truncate">{item.hint}</span>}
              {item.shortcut && <kbd>{shortcutText(item.shortcut, isApple)}</kbd>}
            </li>
          ))}
          {items.length === 0 && <li className="palette-none">Nothing matches.</li>}
        </ul>
      </div>
    </div>
  )
}

function itemsFor(state: State, query: string): Item[] {
  if (query.startsWith('>')) {
    const commands = allCommands.filter((command) => !command.when || command.when(state))
    return fuzzyFilter(commands, query.slice(1).trim(), (command) => command.label).map((command) => ({
      id: command.id,
      label: command.label,
      shortcut: command.shortcut,
      choose: () => runCommand(command),
    }))
  }
  const files = state.workspace?.nodes.filter((node) => node.kind !== 'folder') ?? []
  return fuzzyFilter(files, query, (node) => node.path).map((node) => ({
    id: node.id,
    label: node.name,
    hint: node.path,
    choose: () => void openDocument(node.id),
  }))
}
