import type { LineNote } from './editor-port.ts'
import { monaco } from './monaco.ts'
import './analysis-layer.css'

/** Of the column between line numbers and code, in pixels: empty, and with a counter in it. */
export const marginWidth = { plain: 10, noted: 60 }

const heatSteps = 8

/**
 * Counters in the editor's margin. Monaco gives a margin cell a class and no text, so that each text becomes a class of
 * its own with the text as its content.
 */
export class AnalysisLayer {
  readonly #sheet = new CSSStyleSheet()
  readonly #classes = new Map<string, string>()
  readonly #shown = new Map<string, string[]>()

  constructor() {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet]
  }

  /** Whether a document has anything in its margin. */
  isShown(id: string | null): boolean {
    return id !== null && (this.#shown.get(id)?.length ?? 0) > 0
  }

  show(id: string, model: monaco.editor.ITextModel, notes: { lines: readonly LineNote[]; isStale: boolean }): void {
    const lines = notes.lines.filter(({ line }) => line >= 1 && line <= model.getLineCount())
    const decorations = lines.map((note) => this.#decoration(model, note, notes.isStale))
    this.#shown.set(id, model.deltaDecorations(this.#shown.get(id) ?? [], decorations))
  }

  forget(id: string): void {
    this.#shown.delete(id)
  }

  #decoration(
    model: monaco.editor.ITextModel,
    { line, text, title, heat, detail }: LineNote,
    isStale: boolean,
  ): monaco.editor.IModelDeltaDecoration {
    const heatClass = `analysis-heat-${isStale ? 0 : Math.round(Math.min(1, Math.max(0, heat)) * heatSteps)}`
    const classes = ['analysis-cell', heatClass, this.#classOf(text), ...(isStale ? ['analysis-stale'] : [])]
    return {
      range: new monaco.Range(line, 1, line, model.getLineMaxColumn(line)),
      options: {
        linesDecorationsClassName: classes.join(' '),
        linesDecorationsTooltip: title && isStale ? `${title}, before the text was changed` : title,
        hoverMessage: { value: detail },
        stickiness: monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges,
      },
    }
  }

  #classOf(text: string): string {
    const known = this.#classes.get(text)
    if (known !== undefined) return known
    const name = `analysis-text-${this.#classes.size}`
    this.#sheet.insertRule(`.${name}::before { content: ${JSON.stringify(text)} }`)
    this.#classes.set(text, name)
    return name
  }
}
