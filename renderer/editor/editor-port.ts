import type { Diagnostic } from '#contract/diagnostic.ts'

/** What stands in the margin of a line, 1-based. */
export interface LineNote {
  line: number
  /** At most seven characters. */
  text: string
  /** In words, for the pointer that rests on it. */
  title: string
  /** 0 to 1. */
  heat: number
  /** Markdown, shown on hovering over the line. */
  detail: string
}

/** Something that an analysis found at a line, 1-based. */
export interface FindingMarker {
  line: number
  kind: string
  message: string
  /** The other side of it. */
  related?: { documentId: string; line: number } | undefined
}

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
  /** Replaces what stands in the margin of a document. Stale notes are shown as such, without heat. */
  showLineNotes(id: string, notes: readonly LineNote[], isStale: boolean): void
  /** Replaces the findings that are underlined in a document. */
  showFindings(id: string, findings: readonly FindingMarker[]): void
  /** Shows a 1-based position of the active document, in the middle, with the caret on it. */
  reveal(id: string, line: number, column: number): void
  focus(): void
  /** The text that the disk held when this document was last equal to it; undefined when it is not open. */
  savedText(id: string): string | undefined
  readonly merges: MergeModels
}

/** The texts of a merge at its beginning. Marks are offsets of the result. */
export interface MergeSource {
  name: string
  theirs: string
  result: string
  marks: readonly { id: string; start: number; end: number }[]
}

/** The results of merges while they are made, one for each document. */
export interface MergeModels {
  open(id: string, source: MergeSource): void
  close(id: string): void
  /** The disk's text and the result as it stands; undefined when no such merge is open. */
  texts(id: string): { theirs: string; result: string } | undefined
  /** Puts a text where a mark is, which covers that text from then on. */
  fill(id: string, markId: string, text: string): void
  /** Makes the result this text; what is as it was keeps its marks. */
  replace(id: string, text: string): void
  /** Scrolls to a mark, or to an offset. */
  reveal(id: string, place: string | number): void
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
