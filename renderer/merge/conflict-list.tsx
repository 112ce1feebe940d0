import { decideConflict, revealConflict } from '../commands/decide-conflict.ts'
import type { MergeChoice, MergeConflict, MergeView } from '../state/merge-slice.ts'

/** What both changed, one block each: the two texts beside each other, and the choice. */
export function ConflictList({ merge }: { merge: MergeView }) {
  return (
    <ol className="conflicts" aria-label="Conflicts">
      {merge.conflicts.map((conflict) => (
        <li key={conflict.id} className="conflict" data-open={conflict.choice === null || undefined}>
          <div className="conflict-head">
            <button
              type="button"
              className="link conflict-label truncate"
              title={conflict.label}
              onClick={() => revealConflict(merge.documentId, conflict.id)}
            >
              {conflict.label}
            </button>
            <Began conflict={conflict} hasBase={merge.hasBase} />
          </div>
          <Sides merge={merge} conflict={conflict} />
        </li>
      ))}
    </ol>
  )
}

function Began({ conflict, hasBase }: { conflict: MergeConflict; hasBase: boolean }) {
  if (!hasBase) return null
  const text = conflict.base?.trim()
  return (
    <span className="conflict-base muted truncate" title={conflict.base ?? undefined}>
      {text ? (
        <>
          was <code>{text}</code>
        </>
      ) : (
        'was not there'
      )}
    </span>
  )
}

const labels: Record<MergeChoice, string> = { theirs: 'On disk', mine: 'Mine', both: 'Both, the disk first' }

function Sides({ merge, conflict }: { merge: MergeView; conflict: MergeConflict }) {
  const { documentId, kind } = merge
  const indent = commonIndent(conflict)
  const canBoth = kind === 'lines' && conflict.theirs !== null && conflict.mine !== null
  const side = (choice: MergeChoice, text?: string | null) => (
    <label className="conflict-side" data-chosen={conflict.choice === choice || undefined}>
      <input
        type="radio"
        name={`conflict-${documentId}-${conflict.id}`}
        checked={conflict.choice === choice}
        aria-label={`${labels[choice]}: ${conflict.label}`}
        onChange={() => decideConflict(documentId, conflict.id, choice)}
      />
      <span className="conflict-choice">{labels[choice]}</span>
      {text !== undefined && <Text text={text} indent={indent} wasThere={Boolean(conflict.base)} />}
    </label>
  )
  return (
    <div className="conflict-sides" role="radiogroup" aria-label={`What the result holds: ${conflict.label}`}>
      {side('theirs', conflict.theirs)}
      {side('mine', conflict.mine)}
      {canBoth && side('both')}
    </div>
  )
}

function Text({ text, indent, wasThere }: { text: string | null; indent: number; wasThere: boolean }) {
  if (text === null) return <span className="conflict-text muted">{wasThere ? 'removed' : 'nothing'}</span>
  const lines = text.replace(/\n$/, '').split('\n')
  return <code className="conflict-text">{lines.map((line) => line.slice(indent)).join('\n')}</code>
}

/** White space at the beginning of every line of both sides. */
function commonIndent({ theirs, mine }: MergeConflict): number {
  const lines = `${theirs ?? ''}\n${mine ?? ''}`.split('\n').filter((line) => line.trim() !== '')
  return Math.min(...lines.map((line) => line.length - line.trimStart().length))
}
