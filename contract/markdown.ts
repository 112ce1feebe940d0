const markdownCell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** One line of a Markdown table. */
export const markdownLine = (cells: readonly string[]) => `| ${cells.map(markdownCell).join(' | ')} |`

/** A list of remarks in Markdown. */
export const markdownNotes = (notes: readonly string[]) => notes.map((note) => `- ${markdownCell(note)}`)

/** A table in Markdown, its heading first. */
export function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [markdownLine(heading), markdownLine(heading.map(() => '---')), ...rows.map(markdownLine)]
}
