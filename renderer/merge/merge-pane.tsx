import { useEffect, useRef } from 'react'
import { decideRest } from '../commands/decide-conflict.ts'
import { leaveMerge } from '../commands/leave-merge.ts'
import { saveMerge } from '../commands/merge-document.ts'
import { MergeEditor } from '../editor/merge-editor.tsx'
import type { MergeView } from '../state/merge-slice.ts'
import { useLab } from '../state/store.ts'
import { Icon } from '../ui/icon.tsx'
import { ConflictList } from './conflict-list.tsx'
import './merge.css'

/** Instead of the editor while a document is merged: what is to be decided, and the result as it will be written. */
export function MergePane({ merge }: { merge: MergeView }) {
  const name = useLab((state) => state.open.find((document) => document.id === merge.documentId)?.name)
  const pane = useRef<HTMLElement>(null)
  useEffect(() => pane.current?.focus(), [])
  return (
    <section className="merge" aria-label={`Merge of ${name}`} ref={pane} tabIndex={-1}>
      <MergeHead merge={merge} />
      {merge.conflicts.length > 0 && <ConflictList merge={merge} />}
      <div className="merge-sides" aria-hidden>
        <span>On disk</span>
        <span>Result</span>
        <span className="merge-inline">Result, with what it replaces on disk</span>
      </div>
      <div className="merge-editor">
        <MergeEditor documentId={merge.documentId} />
      </div>
    </section>
  )
}

function MergeHead({ merge }: { merge: MergeView }) {
  const { documentId, conflicts, isSaving } = merge
  const open = conflicts.filter(({ choice }) => choice === null).length
  return (
    <header className="merge-head">
      <div className="merge-summary" role="status">
        <strong>{openText(conflicts.length, open)}</strong>
        <span className="muted">{changesText(merge)}</span>
      </div>
      <div className="merge-actions">
        {open > 0 && (
          <>
            <button type="button" className="button" onClick={() => decideRest(documentId, 'theirs')}>
              All from disk
            </button>
            <button type="button" className="button" onClick={() => decideRest(documentId, 'mine')}>
              All mine
            </button>
          </>
        )}
        <button type="button" className="button" onClick={() => leaveMerge(documentId)}>
          Leave
        </button>
        <button
          type="button"
          className="button button-primary"
          disabled={open > 0 || isSaving}
          title={open > 0 ? 'Every conflict must be decided first' : 'Writes the result, if the disk is still the same'}
          onClick={() => void saveMerge(documentId)}
        >
          <Icon name="check" size={13} /> Save the result
        </button>
      </div>
    </header>
  )
}

function openText(total: number, open: number): string {
  if (total === 0) return 'Nothing conflicts'
  if (open === 0) return total === 1 ? 'The conflict is decided' : `All ${total} conflicts are decided`
  const conflicts = total === 1 ? '1 conflict' : `${total} conflicts`
  return open === total ? `${conflicts} to decide` : `${open} of ${conflicts} to decide`
}

/** What is in the result without having been asked. */
function changesText({ hasBase, theirChanges, myChanges }: MergeView): string {
  if (!hasBase)
    return 'The text that both began with is not kept over a restart, so that every difference is a question.'
  const changes = [theirChanges > 0 && `${theirChanges} of the disk`, myChanges > 0 && `${myChanges} of yours`]
  const parts = changes.filter(Boolean)
  return parts.length === 0 ? 'Nothing else changed.' : `Other changes, all in the result: ${parts.join(', ')}.`
}
