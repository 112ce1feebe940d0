import type { EditorPort, FindingMarker, LineNote } from '../editor/editor-port.ts'
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
}
