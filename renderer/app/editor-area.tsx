import type { ReactNode } from 'react'
import { closeDocument } from '../commands/close-document.ts'
import { beginMerge } from '../commands/merge-document.ts'
import { saveDocument } from '../commands/save-document.ts'
import { isApple, shortcutText } from '../commands/shortcuts.ts'
import { overwriteDocument, reloadDocument } from '../commands/sync-document.ts'
import { MergePane } from '../merge/merge-pane.tsx'
import type { OpenDocument } from '../state/documents-slice.ts'
import { useLab } from '../state/store.ts'
import { useParts } from '../state/use-parts.ts'
import { Icon } from '../ui/icon.tsx'
import { Tabs } from '../ui/tabs.tsx'

const panelId = 'panel-editor'

/** Tabs of the open documents, above the one editor. */
export function EditorArea({ children }: { children: ReactNode }) {
  const { open, activeId, activateDocument } = useParts('open', 'activeId', 'activateDocument')
  const active = open.find((document) => document.id === activeId)
  const merge = useLab((state) => (state.activeId ? state.merges[state.activeId] : undefined))
  return (
    <section className="editor-area" aria-label="Editor">
      <div className="editor-tabs">
        <Tabs
          label="Open files"
          tabs={open.map((document) => ({
            id: document.id,
            label: document.name,
            title: document.path,
            extra: <CloseButton document={document} />,
          }))}
          active={activeId}
          panelId={() => panelId}
          onSelect={activateDocument}
          onClose={(id) => void closeDocument(id)}
        />
      </div>
      {active?.isMissing && <MissingBanner document={active} />}
      {active?.isConflicted && !active.isMissing && !merge && <ConflictBanner document={active} />}
      <div className="editor-host" id={panelId} role="tabpanel" aria-label={active?.name ?? 'No file is open'}>
        {children}
        {merge && <MergePane merge={merge} key={`${merge.documentId}:${merge.theirsHash}`} />}
        {!active && <Welcome />}
      </div>
    </section>
  )
}

/** For the pointer; the keyboard closes a tab by Delete. */
function CloseButton({ document }: { document: OpenDocument }) {
  return (
    <button
      type="button"
      className="icon-button tab-close"
      data-dirty={document.isDirty || undefined}
      aria-label={`Close ${document.name}${document.isDirty ? ' (unsaved; kept in a backup)' : ''}`}
      tabIndex={-1}
      onClick={() => void closeDocument(document.id)}
    >
      <Icon name="close" size={12} />
    </button>
  )
}

function MissingBanner({ document }: { document: OpenDocument }) {
  return (
    <div className="note note-warn editor-banner" role="alert">
      <Icon name="warning" />
      <span className="note-body">{document.name} was deleted on disk. Its text is only here.</span>
      <button type="button" className="button" onClick={() => void saveDocument(document.id)}>
        Write it again
      </button>
    </div>
  )
}

function ConflictBanner({ document }: { document: OpenDocument }) {
  return (
    <div className="note note-warn editor-banner" role="alert">
      <Icon name="warning" />
      <span className="note-body">{document.name} changed on disk while it had unsaved text here.</span>
      <button type="button" className="button button-primary" onClick={() => void beginMerge(document.id)}>
        Merge…
      </button>
      <button type="button" className="button" onClick={() => void reloadDocument(document.id)}>
        Take the disk's text
      </button>
      <button type="button" className="button" onClick={() => void overwriteDocument(document.id)}>
        Overwrite with mine
      </button>
    </div>
  )
}

const hints = [
  { shortcut: 'Mod+P', text: 'Go to file' },
  { shortcut: 'Mod+Shift+P', text: 'All commands' },
  { shortcut: 'Mod+Enter', text: 'Bench' },
  { shortcut: 'Mod+S', text: 'Save' },
]

function Welcome() {
  return (
    <div className="empty welcome">
      <strong>No file is open</strong>
      <span>Choose a kernel on the left.</span>
      <dl>
        {hints.map((hint) => (
          <div key={hint.shortcut} style={{ display: 'contents' }}>
            <dt>{hint.text}</dt>
            <dd>
              <kbd>{shortcutText(hint.shortcut, isApple)}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
