import type { EditorPort, FindingMarker, LineNote, MergeModels, MergeSource } from '../editor/editor-port.ts'
import { useLab } from '../state/store.ts'

/** An editor of plain strings that keeps the dirty flag as the real one does, and remembers what it was told to show. */
export class TextEditor implements EditorPort {
  texts = new Map<string, { text: string; saved: string }>()
  markers = new Map<string, number>()
  notes = new Map<string, { notes: readonly LineNote[]; isStale: boolean }>()
  findings = new Map<string, readonly FindingMarker[]>()
  /** What the window does after each change. */
  onChange: () => void = () => {}

  open({ id, text, unsaved }: { id: string; name: string; text: string; unsaved?: string }) {
    this.texts.set(id, { text: unsaved ?? text, saved: text })
  }
  close(id: string) {
    this.texts.delete(id)
  }
  text(id: string) {
    return this.texts.get(id)?.text
  }
  type(id: string, text: string) {
    const entry = this.texts.get(id)
    if (entry) entry.text = text
    useLab.getState().patchDocument(id, { isDirty: entry?.text !== entry?.saved })
    this.onChange()
  }
  markSaved(id: string, text: string) {
    const entry = this.texts.get(id)
    if (entry) entry.saved = text
    useLab.getState().patchDocument(id, { isDirty: entry?.text !== text })
    this.onChange()
  }
  takeFromDisk(id: string, text: string) {
    this.texts.set(id, { text, saved: text })
    useLab.getState().patchDocument(id, { isDirty: false })
    this.onChange()
  }
  showDiagnostics(id: string, diagnostics: readonly unknown[]) {
    this.markers.set(id, diagnostics.length)
  }
  showLineNotes(id: string, notes: readonly LineNote[], isStale: boolean) {
    this.notes.set(id, { notes, isStale })
  }
  showFindings(id: string, findings: readonly FindingMarker[]) {
    this.findings.set(id, findings)
  }
  reveal() {}
  focus() {}
  savedText(id: string) {
    return this.texts.get(id)?.saved
  }
  readonly merges = new TextMerges()
}

/** Results of merges as plain strings, with marks that move as text before them changes. */
export class TextMerges implements MergeModels {
  sessions = new Map<string, { theirs: string; text: string; marks: { id: string; start: number; end: number }[] }>()

  open(id: string, { theirs, result, marks }: MergeSource) {
    this.sessions.set(id, { theirs, text: result, marks: marks.map((mark) => ({ ...mark })) })
  }
  close(id: string) {
    this.sessions.delete(id)
  }
  texts(id: string) {
    const session = this.sessions.get(id)
    return session && { theirs: session.theirs, result: session.text }
  }
  fill(id: string, markId: string, text: string) {
    const session = this.sessions.get(id)
    const mark = session?.marks.find((candidate) => candidate.id === markId)
    if (!session || !mark) return
    const grown = text.length - (mark.end - mark.start)
    session.text = session.text.slice(0, mark.start) + text + session.text.slice(mark.end)
    for (const other of session.marks) {
      if (other === mark || other.start < mark.end) continue
      other.start += grown
      other.end += grown
    }
    mark.end += grown
  }
  replace(id: string, text: string) {
    const session = this.sessions.get(id)
    if (session) session.text = text
  }
  reveal() {}
}
