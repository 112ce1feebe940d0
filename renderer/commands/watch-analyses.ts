import { editorPort } from '../editor/editor-port.ts'
import type { AnalysisView } from '../state/analysis-slice.ts'
import { type State, useLab } from '../state/store.ts'
import { documentIdOf } from './go-to-location.ts'

/** Documents, of those that an analysis compiled, whose text is no longer what it was. */
function changedDocuments({ report, texts }: AnalysisView, state: State): string[] {
  const ids = report.files.flatMap((file) => documentIdOf(file) ?? [])
  return ids.filter((id) => {
    const analysed = texts[id]
    if (analysed === undefined) return false
    const document = state.open.find((candidate) => candidate.id === id)
    // What was on disk was analysed: unsaved text leaves that as it is, until it is saved.
    if (analysed === null) return !document?.isDirty
    return document !== undefined && editorPort().text(id) !== analysed
  })
}

/** Compares every analysis with the texts as they are now: after a change of a text, or when an analysis came in. */
export function refreshStaleness(): void {
  const state = useLab.getState()
  const staleness = Object.values(state.analyses).map((view) => [view.key, changedDocuments(view, state).length > 0])
  if (staleness.length > 0) state.markStale(Object.fromEntries(staleness))
}

/** A document changed on disk that no editor shows: what was analysed of it is gone. */
export function forgetAnalysedText(documentId: string): void {
  useLab.getState().forgetText(documentId)
  refreshStaleness()
}
