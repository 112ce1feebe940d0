import type { LabError } from '#contract/error.ts'

/** Line ends and other control characters as escapes, so that a name from a file cannot break a table. */
const onOneLine = (text: string) => text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1))

/** Rows of text in aligned columns under a heading; numbers are the caller's to format. */
export function table(heading: string[], rows: string[][]): string {
  const all = [heading, ...rows].map((row) => row.map(onOneLine))
  const widths = heading.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return all.map(line).join('\n')
}

/** Bytes as people read them, in powers of 1024. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[power]}`
}

/** `file:line:column: severity: message`, as compilers print it. */
export function formatDiagnostic(one: {
  file: string
  line: number
  column: number
  severity: string
  message: string
}): string {
  return `${one.file}:${one.line}:${one.column}: ${one.severity}: ${one.message}`
}

/** Prints an answer: with --json exactly one document on stdout, else text. */
export function printAnswer(answer: { document: unknown; text: string }, isJson: boolean): void {
  const printed = isJson ? JSON.stringify(answer.document, null, 2) : answer.text
  if (printed !== '') process.stdout.write(`${printed}\n`)
}

/** Prints a failure: always on stderr for people, with --json also as the document. */
export function printFailure(error: LabError, isJson: boolean): void {
  process.stderr.write(`klab: ${error.message}\n`)
  if (isJson) process.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`)
}
