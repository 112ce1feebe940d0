import { readFileSync } from 'node:fs'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** The 1-based column in UTF-16 units of a 1-based column in bytes of UTF-8 on `line`. */
export function utf16Column(line: string, byteColumn: number): number {
  const before = encoder.encode(line).subarray(0, byteColumn - 1)
  const beyond = byteColumn - 1 - before.length
  return decoder.decode(before).length + beyond + 1
}

/** Lines of a compile's files: the text that was compiled for `path`, the disk for everything it includes. */
export class SourceLines {
  readonly #files = new Map<string, string[]>()

  constructor(path: string, source: string) {
    this.#files.set(path, source.split(/\r?\n/))
  }

  /** Line `number` (1-based) of `file`; empty when it cannot be read. */
  at(file: string, number: number): string {
    let lines = this.#files.get(file)
    if (!lines) {
      lines = readLines(file)
      this.#files.set(file, lines)
    }
    return lines[number - 1] ?? ''
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)
  } catch {
    return []
  }
}
