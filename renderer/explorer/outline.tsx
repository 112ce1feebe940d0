import type { Entry } from '#contract/diagnostic.ts'
import { goToLocation } from '../commands/go-to-location.ts'
import { useLab } from '../state/store.ts'
import { sharedPrefix } from './shared-prefix.ts'

const noEntries: Entry[] = []

/** The kernels of the file in front, and what each binds. */
export function Outline() {
  const activeId = useLab((state) => state.activeId)
  const entries = useLab((state) => (state.activeId ? state.entries[state.activeId] : undefined) ?? noEntries)
  const chooseTarget = useLab((state) => state.chooseTarget)
  const target = useLab((state) => state.target)
  const shared = sharedPrefix(entries.map(({ name }) => name))
  return (
    <section className="explorer-section" aria-label="Entries">
      <div className="explorer-head">
        <h2>Entries</h2>
        <span className="muted">{entries.length || ''}</span>
      </div>
      <ul className="tree">
        {entries.map((entry) => (
          <li key={entry.name}>
            <button
              type="button"
              className="tree-row outline-row"
              aria-current={target?.kind === 'entry' && target.entry === entry.name ? 'true' : undefined}
              title={outlineTitle(entry)}
              aria-label={`${entry.name}, line ${entry.line}`}
              onClick={() => {
                if (!activeId) return
                chooseTarget({ kind: 'entry', documentId: activeId, entry: entry.name })
                void goToLocation(activeId, entry.line)
              }}
            >
              <span className="outline-name mono">
                <span>{entry.name.slice(0, shared)}</span>
                <span className="truncate">{entry.name.slice(shared)}</span>
              </span>
              <span className="outline-line">{entry.line}</span>
            </button>
          </li>
        ))}
        {activeId && entries.length === 0 && <li className="outline-empty">No kernel in this file.</li>}
      </ul>
    </section>
  )
}

function outlineTitle(entry: Entry): string {
  const bindings = entry.bindings.map(
    (binding) => `${binding.index}  ${binding.access}  ${binding.type} ${binding.name}`,
  )
  const constants = entry.constants.map((constant) => `constant ${constant.index}  ${constant.type} ${constant.name}`)
  const head = entry.name === entry.function ? entry.name : `${entry.name} (${entry.function})`
  return [head, ...bindings, ...constants].join('\n')
}
