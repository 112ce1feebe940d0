import type { editor } from 'monaco-editor/editor/editor.api.js'

const asWritten = 0 satisfies editor.EndOfLinePreference.TextDefined

/** A model's text with the line ends and the byte order mark that it was made with. */
export function textOf(model: editor.ITextModel): string {
  return model.getValue(asWritten, true)
}
