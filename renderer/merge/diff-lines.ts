/** Lines [aStart, aEnd) of one text stand where lines [bStart, bEnd) of the other do. */
export interface Hunk {
  aStart: number
  aEnd: number
  bStart: number
  bEnd: number
}

/** Edits beyond which two texts count as different throughout: the search costs memory by their square. */
const maxEdits = 2000

/** A text's lines, each with its own end, so that joining them gives the text back. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

/** Where two lists of lines differ, in order, by a shortest edit script. */
export function diffLines(a: readonly string[], b: readonly string[]): Hunk[] {
  const shorter = Math.min(a.length, b.length)
  let head = 0
  while (head < shorter && a[head] === b[head]) head++
  let tail = 0
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const inner = shortestEdit(a.slice(head, a.length - tail), b.slice(head, b.length - tail))
  return inner.map((hunk) => ({
    aStart: hunk.aStart + head,
    aEnd: hunk.aEnd + head,
    bStart: hunk.bStart + head,
    bEnd: hunk.bEnd + head,
  }))
}

/** Myers' greedy search: furthest[k] is how far down diagonal k = x - y the best path with that many edits reaches. */
function shortestEdit(a: readonly string[], b: readonly string[]): Hunk[] {
  if (a.length === 0 && b.length === 0) return []
  const whole = [{ aStart: 0, aEnd: a.length, bStart: 0, bEnd: b.length }]
  if (a.length === 0 || b.length === 0) return whole
  const limit = Math.min(a.length + b.length, maxEdits)
  const origin = limit + 1
  const furthest = new Int32Array(2 * origin + 1)
  const trace: Int32Array[] = []
  for (let edits = 0; edits <= limit; edits++) {
    trace.push(furthest.slice(origin - edits - 1, origin + edits + 2))
    for (let k = -edits; k <= edits; k += 2) {
      const left = furthest[origin + k - 1] ?? 0
      const right = furthest[origin + k + 1] ?? 0
      let x = k === -edits || (k !== edits && left < right) ? right : left + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      furthest[origin + k] = x
      if (x >= a.length && x - k >= b.length) return walkBack(trace, { a: a.length, b: b.length })
    }
  }
  return whole
}

/** Follows the best path from the ends to the beginnings, and joins edits that touch into hunks. */
function walkBack(trace: readonly Int32Array[], end: { a: number; b: number }): Hunk[] {
  const hunks: Hunk[] = []
  let { a: x, b: y } = end
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const before = trace[edits] ?? new Int32Array()
    const at = (k: number) => before[k + edits + 1] ?? 0
    const k = x - y
    const isInsertion = k === -edits || (k !== edits && at(k - 1) < at(k + 1))
    const fromX = isInsertion ? at(k + 1) : at(k - 1)
    const fromY = fromX - (isInsertion ? k + 1 : k - 1)
    const edit = {
      aStart: fromX,
      aEnd: fromX + (isInsertion ? 0 : 1),
      bStart: fromY,
      bEnd: fromY + (isInsertion ? 1 : 0),
    }
    const next = hunks[0]
    if (next && next.aStart === edit.aEnd && next.bStart === edit.bEnd) {
      next.aStart = edit.aStart
      next.bStart = edit.bStart
    } else hunks.unshift(edit)
    x = fromX
    y = fromY
  }
  return hunks
}
