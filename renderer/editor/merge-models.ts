import type { MergeModels, MergeSource } from './editor-port.ts'
import { textOf } from './model-text.ts'
import { languageOf, monaco } from './monaco.ts'

interface Session {
  theirs: monaco.editor.ITextModel
  result: monaco.editor.ITextModel
  /** Decorations that stay on what a conflict became, by conflict. */
  marks: Map<string, string[]>
}

const sticky = monaco.editor.TrackedRangeStickiness
const painting = { description: 'conflict', className: 'lab-merge-mark', isWholeLine: true }
let serial = 1

/** The two texts of each merge as Monaco's models, and where its conflicts are in the result. */
export class MonacoMergeModels implements MergeModels {
  readonly #sessions = new Map<string, Session>()
  #editor: monaco.editor.IStandaloneDiffEditor | null = null

  open(id: string, { name, theirs, result, marks }: MergeSource): void {
    this.close(id)
    const number = serial++
    const model = (side: string, text: string) =>
      monaco.editor.createModel(
        text,
        languageOf(name),
        monaco.Uri.from({ scheme: 'klab', path: `/merge-${number}/${side}/${name}` }),
      )
    const session: Session = { theirs: model('disk', theirs), result: model('result', result), marks: new Map() }
    session.result.updateOptions({ tabSize: 4, insertSpaces: true })
    this.#sessions.set(id, session)
    for (const mark of marks) this.#mark(session, mark)
  }

  close(id: string): void {
    const session = this.#sessions.get(id)
    if (!session) return
    if (this.#editor?.getModel()?.modified === session.result) this.#editor.setModel(null)
    session.theirs.dispose()
    session.result.dispose()
    this.#sessions.delete(id)
  }

  texts(id: string): { theirs: string; result: string } | undefined {
    const session = this.#sessions.get(id)
    return session && { theirs: textOf(session.theirs), result: textOf(session.result) }
  }

  fill(id: string, markId: string, text: string): void {
    const session = this.#sessions.get(id)
    const range = session && this.#rangeOf(session, markId)
    if (!session || !range) return
    const start = session.result.getOffsetAt(range.getStartPosition())
    this.#edit(session, { range, text })
    this.#mark(session, { id: markId, start, end: start + text.length })
  }

  replace(id: string, text: string): void {
    const session = this.#sessions.get(id)
    const old = session?.result.getValue()
    if (!session || old === undefined || old === text) return
    let head = 0
    while (head < old.length && old[head] === text[head]) head++
    let tail = 0
    while (tail < Math.min(old.length, text.length) - head && old.at(-1 - tail) === text.at(-1 - tail)) tail++
    const [start, end] = [session.result.getPositionAt(head), session.result.getPositionAt(old.length - tail)]
    const range = monaco.Range.fromPositions(start, end)
    this.#edit(session, { range, text: text.slice(head, text.length - tail) })
  }

  reveal(id: string, place: string | number): void {
    const session = this.#sessions.get(id)
    const editor = this.#editor?.getModifiedEditor()
    if (!session || !editor || editor.getModel() !== session.result) return
    const range = typeof place === 'string' ? this.#rangeOf(session, place) : undefined
    const position = range?.getStartPosition() ?? session.result.getPositionAt(typeof place === 'number' ? place : 0)
    editor.setPosition(position)
    editor.revealPositionInCenterIfOutsideViewport(position)
  }

  /** Puts a merge into the diff editor that shows it; null takes it out. */
  attach(editor: monaco.editor.IStandaloneDiffEditor | null, id: string): void {
    this.#editor = editor
    const session = this.#sessions.get(id)
    if (editor && session) editor.setModel({ original: session.theirs, modified: session.result })
  }

  #edit({ result }: Session, edit: { range: monaco.Range; text: string }): void {
    result.pushStackElement()
    result.pushEditOperations([], [{ ...edit, forceMoveMarkers: false }], () => null)
    result.pushStackElement()
  }

  #mark({ result, marks }: Session, { id, start, end }: MergeSource['marks'][number]): void {
    const range = (from: number, to: number) =>
      monaco.Range.fromPositions(result.getPositionAt(from), result.getPositionAt(to))
    const stickiness = sticky.GrowsOnlyWhenTypingBefore
    // A mark ends where the next line begins, which is not to be coloured.
    const painted = { range: range(start, Math.max(start, end - 1)), options: { ...painting, stickiness } }
    const tracked = { range: range(start, end), options: { description: 'conflict', stickiness } }
    marks.set(id, result.deltaDecorations(marks.get(id) ?? [], end > start ? [tracked, painted] : [tracked]))
  }

  #rangeOf({ result, marks }: Session, id: string): monaco.Range | null {
    return result.getDecorationRange(marks.get(id)?.[0] ?? '')
  }
}
