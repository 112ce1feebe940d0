import type { TextPosition, TextRange } from '#contract/language.ts'

/** Positions of the language server: 0-based, in UTF-16 units. */
export interface LspPosition {
  line: number
  character: number
}
export interface LspRange {
  start: LspPosition
  end: LspPosition
}

/** A text by its lines: offsets to positions and back. */
export class TextLines {
  readonly text: string
  readonly #starts: number[]

  constructor(text: string) {
    this.text = text
    this.#starts = [0]
    for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) this.#starts.push(index + end.length)
  }

  /** Of a position outside the text: the nearest inside. */
  offset({ line, column }: TextPosition): number {
    const start = this.#starts[line - 1] ?? this.text.length
    const next = this.#starts[line] ?? this.text.length
    return Math.min(start + column - 1, next)
  }

  position(offset: number): TextPosition {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 }
  }

  range(begin: number, end: number): TextRange {
    const from = this.position(begin)
    const to = this.position(end)
    return { ...from, endLine: to.line, endColumn: to.column }
  }

  /** The name around an offset, or touching it. */
  wordAt(offset: number): { word: string; begin: number; end: number } | null {
    let begin = offset
    let end = offset
    while (begin > 0 && /\w/.test(this.text[begin - 1] ?? '')) begin--
    while (end < this.text.length && /\w/.test(this.text[end] ?? '')) end++
    const word = this.text.slice(begin, end)
    return /^[A-Za-z_]/.test(word) ? { word, begin, end } : null
  }
}

export function toLsp({ line, column }: TextPosition): LspPosition {
  return { line: line - 1, character: column - 1 }
}

export function fromLsp({ start, end }: LspRange): TextRange {
  return {
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  }
}
