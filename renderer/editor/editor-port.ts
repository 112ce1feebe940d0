import type { Diagnostic } from '#contract/diagnostic.ts'

/** What the rest of the window may ask of the editor. Texts live behind it, never in the state. */
export interface EditorPort {
  /** Makes the model of a document: `text` is what the disk holds, `unsaved` what was typed over it. */
  open(document: { id: string; name: string; text: string; unsaved?: string }): void
  close(id: string): void
  /** The current text; undefined when the document is not open. */
  text(id: string): string | undefined
  /** Declares the current text saved, when it still is `text`. */
  markSaved(id: string, text: string): void
  /** Takes the disk's text over, as one step that undo takes back. */
  takeFromDisk(id: string, text: string): void
  showDiagnostics(id: string, diagnostics: readonly Diagnostic[]): void
  /** Shows a 1-based position of the active document, in the middle, with the caret on it. */
  reveal(id: string, line: number, column: number): void
  focus(): void
}

let port: EditorPort | null = null

export function setEditorPort(next: EditorPort): void {
  port = next
}

/** The editor. Using it before `setEditorPort` is a defect. */
export function editorPort(): EditorPort {
  if (!port) throw new Error('editor used before it was set up')
  return port
}
