/** A place in a text: 1-based, columns in UTF-16 units. */
export interface TextPosition {
  line: number
  column: number
}

/** Finds places of offsets in one text, whose lines (LF, CRLF or CR) are counted once. */
export function positionsIn(text: string): (offset: number) => TextPosition {
  const starts = [0]
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length)
  return (offset) => {
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] as number) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (starts[low] as number) + 1 }
  }
}
