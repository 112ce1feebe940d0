/** The text of a file before anybody types. */
export const head = '#include <metal_stdlib>\n'

/** One keystroke as it stands in the text. */
export const keystroke = (index: number) => `k${index};\n`

/** How many keystrokes a text holds; null when it is not the head and the first so many of them, whole. */
export function keystrokesIn(text: string): number | null {
  if (!text.startsWith(head)) return null
  const strokes = text.slice(head.length).split('\n')
  const isWhole = strokes.pop() === ''
  return isWhole && strokes.every((stroke, index) => `${stroke}\n` === keystroke(index)) ? strokes.length : null
}
