import { editorPort } from '../editor/editor-port.ts'
import { absent, offsetOf, withValueAt } from '../merge/merge-manifest.ts'
import type { MergeChoice, MergeConflict } from '../state/merge-slice.ts'
import { useLab } from '../state/store.ts'

/** Puts one side, or both, into the result where they disagree, and shows that place. */
export function decideConflict(documentId: string, conflictId: string, choice: MergeChoice): void {
  const merge = useLab.getState().merges[documentId]
  const conflict = merge?.conflicts.find(({ id }) => id === conflictId)
  const merges = editorPort().merges
  const texts = merges.texts(documentId)
  if (!conflict || !texts) return
  if (conflict.path) {
    const chosen = choice === 'theirs' ? conflict.theirs : conflict.mine
    const value: unknown = chosen === null ? absent : JSON.parse(chosen)
    merges.replace(documentId, withValueAt(texts.result, conflict.path, value))
  } else merges.fill(documentId, conflictId, lineTexts(conflict)[choice])
  useLab.getState().decideConflict(documentId, conflictId, choice)
  revealConflict(documentId, conflictId)
}

/** The same for everything that was not decided yet. */
export function decideRest(documentId: string, choice: 'theirs' | 'mine'): void {
  const conflicts = useLab.getState().merges[documentId]?.conflicts ?? []
  for (const conflict of conflicts) if (conflict.choice === null) decideConflict(documentId, conflict.id, choice)
}

/** Scrolls the result to where both disagree. */
export function revealConflict(documentId: string, conflictId: string): void {
  const conflict = useLab.getState().merges[documentId]?.conflicts.find(({ id }) => id === conflictId)
  const merges = editorPort().merges
  if (!conflict) return
  const result = merges.texts(documentId)?.result ?? ''
  merges.reveal(documentId, conflict.path ? offsetOf(result, conflict.path) : conflictId)
}

function lineTexts({ theirs, mine }: MergeConflict): Record<MergeChoice, string> {
  const [their, my] = [theirs ?? '', mine ?? '']
  const isJoined = their === '' || their.endsWith('\n')
  return { theirs: their, mine: my, both: `${their}${isJoined ? '' : '\n'}${my}` }
}
