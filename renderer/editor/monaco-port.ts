import type { Diagnostic } from '#contract/diagnostic.ts'
import { AnalysisLayer, marginWidth } from './analysis-layer.ts'
import type { EditorPort, FindingMarker, LineNote } from './editor-port.ts'
import { MonacoMergeModels } from './merge-models.ts'
import { textOf } from './model-text.ts'
import { languageOf, monaco } from './monaco.ts'

interface OpenModel {
  model: monaco.editor.ITextModel
  savedText: string
  viewState: monaco.editor.ICodeEditorViewState | null
}

interface Hooks {
  /** After each change of a text, by hand or from disk. */
  onChange(id: string, isDirty: boolean): void
}

const severities = {
  error: monaco.MarkerSeverity.Error,
  warning: monaco.MarkerSeverity.Warning,
  note: monaco.MarkerSeverity.Info,
}

/** The models of all open documents, and the main editor that shows one of them. */
export class MonacoPort implements EditorPort {
  #models = new Map<string, OpenModel>()
  #editor: monaco.editor.IStandaloneCodeEditor | null = null
  #shownId: string | null = null
  readonly #analysis = new AnalysisLayer()
  readonly merges = new MonacoMergeModels()
  #hooks: Hooks

  constructor(hooks: Hooks) {
    this.#hooks = hooks
  }

  open({ id, name, text, unsaved }: { id: string; name: string; text: string; unsaved?: string }): void {
    if (this.#models.has(id)) return
    const uri = monaco.Uri.from({ scheme: 'klab', path: `/${encodeURIComponent(id)}/${name}` })
    const model = monaco.editor.createModel(text, languageOf(name), uri)
    model.updateOptions({ tabSize: 4, insertSpaces: true })
    model.detectIndentation(true, model.getOptions().tabSize)
    const entry: OpenModel = { model, savedText: textOf(model), viewState: null }
    this.#models.set(id, entry)
    model.onDidChangeContent(() => this.#hooks.onChange(id, this.#isDirty(entry)))
    if (unsaved !== undefined) replaceText(model, unsaved)
  }

  close(id: string): void {
    this.#models.get(id)?.model.dispose()
    this.#analysis.forget(id)
    this.#models.delete(id)
  }

  text(id: string): string | undefined {
    const entry = this.#models.get(id)
    return entry && textOf(entry.model)
  }

  savedText(id: string): string | undefined {
    return this.#models.get(id)?.savedText
  }

  markSaved(id: string, text: string): void {
    const entry = this.#models.get(id)
    if (!entry) return
    entry.savedText = text
    this.#hooks.onChange(id, this.#isDirty(entry))
  }

  takeFromDisk(id: string, text: string): void {
    const entry = this.#models.get(id)
    if (!entry) return
    replaceText(entry.model, text)
    entry.savedText = textOf(entry.model)
    this.#hooks.onChange(id, false)
  }

  showDiagnostics(id: string, diagnostics: readonly Diagnostic[]): void {
    const entry = this.#models.get(id)
    if (entry)
      monaco.editor.setModelMarkers(
        entry.model,
        'compiler',
        diagnostics.map((diagnostic) => markerOf(entry.model, diagnostic)),
      )
  }

  showLineNotes(id: string, lines: readonly LineNote[], isStale: boolean): void {
    const entry = this.#models.get(id)
    if (entry) this.#analysis.show(id, entry.model, { lines, isStale })
    if (id === this.#shownId) this.#fitMargin()
  }

  showFindings(id: string, findings: readonly FindingMarker[]): void {
    const entry = this.#models.get(id)
    if (!entry) return
    const uriOf = (documentId: string) => this.#models.get(documentId)?.model.uri
    const markers = findings.map((finding) => findingMarker(entry.model, finding, uriOf))
    monaco.editor.setModelMarkers(entry.model, 'analysis', markers)
  }

  reveal(id: string, line: number, column: number): void {
    this.show(id)
    const position = { lineNumber: line, column }
    this.#editor?.setPosition(position)
    this.#editor?.revealPositionInCenterIfOutsideViewport(position)
    this.#editor?.focus()
  }

  focus(): void {
    this.#editor?.focus()
  }

  /** The model itself, for a second editor on the same document. */
  model(id: string): monaco.editor.ITextModel | null {
    return this.#models.get(id)?.model ?? null
  }

  /** Makes this the editor that `show` and `reveal` act on. */
  attach(editor: monaco.editor.IStandaloneCodeEditor | null): void {
    this.#editor = editor
    this.#shownId = null
  }

  /** Puts a document into the main editor, scrolled as it was left. */
  show(id: string | null): void {
    const editor = this.#editor
    if (!editor || id === this.#shownId) return
    const left = this.#shownId === null ? undefined : this.#models.get(this.#shownId)
    if (left) left.viewState = editor.saveViewState()
    const entry = id === null ? undefined : this.#models.get(id)
    editor.setModel(entry?.model ?? null)
    if (entry?.viewState) editor.restoreViewState(entry.viewState)
    this.#shownId = entry ? id : null
    this.#fitMargin()
  }

  #fitMargin(): void {
    const width = this.#analysis.isShown(this.#shownId) ? marginWidth.noted : marginWidth.plain
    this.#editor?.updateOptions({ lineDecorationsWidth: width })
  }

  #isDirty(entry: OpenModel): boolean {
    return textOf(entry.model) !== entry.savedText
  }
}

function replaceText(model: monaco.editor.ITextModel, text: string): void {
  model.pushStackElement()
  model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null)
  model.pushStackElement()
}

function markerOf(model: monaco.editor.ITextModel, diagnostic: Diagnostic): monaco.editor.IMarkerData {
  const startLineNumber = Math.min(Math.max(1, diagnostic.line), model.getLineCount())
  const startColumn = Math.min(Math.max(1, diagnostic.column), model.getLineMaxColumn(startLineNumber))
  const word = model.getWordAtPosition({ lineNumber: startLineNumber, column: startColumn })
  return {
    severity: severities[diagnostic.severity],
    message: diagnostic.message,
    startLineNumber,
    startColumn,
    endLineNumber: diagnostic.endLine ?? startLineNumber,
    endColumn: diagnostic.endColumn ?? word?.endColumn ?? startColumn + 1,
    source: 'metal',
  }
}

/** A finding knows its line only: the code on it is underlined. */
function findingMarker(
  model: monaco.editor.ITextModel,
  { line, kind, message, related }: FindingMarker,
  uriOf: (documentId: string) => monaco.Uri | undefined,
): monaco.editor.IMarkerData {
  const lineNumber = Math.min(Math.max(1, line), model.getLineCount())
  const resource = related && uriOf(related.documentId)
  const otherSide = related && {
    startLineNumber: related.line,
    startColumn: 1,
    endLineNumber: related.line,
    endColumn: 2,
  }
  return {
    severity: monaco.MarkerSeverity.Error,
    message,
    source: 'analysis',
    code: kind,
    startLineNumber: lineNumber,
    startColumn: model.getLineFirstNonWhitespaceColumn(lineNumber) || 1,
    endLineNumber: lineNumber,
    endColumn: model.getLineMaxColumn(lineNumber),
    ...(resource && otherSide
      ? { relatedInformation: [{ resource, message: `the other side, line ${related.line}`, ...otherSide }] }
      : {}),
  }
}
