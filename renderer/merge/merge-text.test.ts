import { describe, expect, it } from 'vitest'
import { diffLines, splitLines } from './diff-lines.ts'
import { mergeText } from './merge-text.ts'

const text = (...lines: string[]) => lines.map((line) => `${line}\n`).join('')

/** `a` with every hunk's lines replaced by those of `b`. */
function patched(a: string[], b: string[]): string[] {
  const out: string[] = []
  let done = 0
  for (const hunk of diffLines(a, b)) {
    out.push(...a.slice(done, hunk.aStart), ...b.slice(hunk.bStart, hunk.bEnd))
    done = hunk.aEnd
  }
  return [...out, ...a.slice(done)]
}

describe('diffLines', () => {
  it('leads from one text to the other, for any two texts', () => {
    let state = 7
    const next = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0
      return (state >>> 8) % below
    }
    for (let round = 0; round < 400; round++) {
      const a = Array.from({ length: next(12) }, () => `${next(4)}\n`)
      const b = Array.from({ length: next(12) }, () => `${next(4)}\n`)
      expect(patched(a, b)).toEqual(b)
    }
  })

  it('finds the shortest way', () => {
    const [a, b] = [splitLines(text('x', 'y', 'z')), splitLines(text('x', 'new', 'y', 'z', 'end'))]
    expect(diffLines(a, b)).toEqual([
      { aStart: 1, aEnd: 1, bStart: 1, bEnd: 2 },
      { aStart: 3, aEnd: 3, bStart: 4, bEnd: 5 },
    ])
  })

  it('gives up on texts that have nothing in common, without an answer that is wrong', () => {
    const a = Array.from({ length: 1500 }, (_, i) => `a${i}\n`)
    const b = Array.from({ length: 1500 }, (_, i) => `b${i}\n`)
    expect(patched(a, b)).toEqual(b)
  })

  it('keeps line ends and a last line without one', () => {
    expect(splitLines('a\r\nb').join('')).toBe('a\r\nb')
    expect(splitLines('')).toEqual([])
  })
})

describe('mergeText', () => {
  const base = text('one', 'two', 'three', 'four', 'five')

  it('takes what only one side changed, from both sides', () => {
    const merge = mergeText({
      base,
      theirs: text('ONE', 'two', 'three', 'four', 'five'),
      mine: text('one', 'two', 'three', 'four', 'five', 'six'),
    })
    expect(merge.text).toBe(text('ONE', 'two', 'three', 'four', 'five', 'six'))
    expect(merge).toMatchObject({ conflicts: [], theirChanges: 1, myChanges: 1 })
  })

  it('leaves to a decision what both changed, with both texts and what was there', () => {
    const theirs = text('new', 'one', 'two', 'THREE', 'four', 'five')
    const merge = mergeText({ base, theirs, mine: text('one', 'two', 'drei', 'four') })
    expect(merge.conflicts).toHaveLength(1)
    const [conflict] = merge.conflicts
    expect(conflict).toMatchObject({ base: 'three\n', theirs: 'THREE\n', mine: 'drei\n' })
    expect(merge.text.slice(conflict?.start, conflict?.end)).toBe('drei\n')
    expect(merge.text).toBe(text('new', 'one', 'two', 'drei', 'four'))
  })

  it('does not ask about a change that both made', () => {
    const same = text('one', 'zwei', 'three', 'four', 'five')
    expect(mergeText({ base, theirs: same, mine: same })).toMatchObject({ text: same, conflicts: [] })
  })

  it('takes insertions at one place for a conflict, and changes that touch', () => {
    const theirs = text('one', 'their', 'two', 'three', 'four', 'five')
    const mine = text('one', 'my', 'two', 'three', 'four', 'five')
    expect(mergeText({ base, theirs, mine }).conflicts).toMatchObject([{ base: '', theirs: 'their\n', mine: 'my\n' }])
    const touching = mergeText({
      base,
      theirs: text('one', 'TWO', 'three', 'four', 'five'),
      mine: text('one', 'two', 'THREE', 'four', 'five'),
    })
    expect(touching.conflicts).toMatchObject([{ theirs: 'TWO\nthree\n', mine: 'two\nTHREE\n' }])
  })

  it('asks about every difference when the common text is not known', () => {
    const merge = mergeText({ base: null, theirs: text('a', 'b', 'c'), mine: text('a', 'x', 'c', 'd') })
    expect(merge.text).toBe(text('a', 'x', 'c', 'd'))
    expect(merge.conflicts).toMatchObject([
      { theirs: 'b\n', mine: 'x\n' },
      { theirs: '', mine: 'd\n' },
    ])
    for (const { start, end, mine } of merge.conflicts) expect(merge.text.slice(start, end)).toBe(mine)
  })

  it('loses no change of either side, whatever the texts are', () => {
    let state = 3
    const next = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0
      return (state >>> 8) % below
    }
    const edit = (lines: string[], mark: string) =>
      lines.flatMap((line) => [[line], [], [`${mark}${next(99)}\n`], [line, `${mark}${next(99)}\n`]][next(9)] ?? [line])
    for (let round = 0; round < 300; round++) {
      const from = Array.from({ length: 3 + next(12) }, (_, i) => `${i}\n`)
      const [theirs, mine] = [edit(from, 't'), edit(from, 'm')]
      const merge = mergeText({ base: from.join(''), theirs: theirs.join(''), mine: mine.join('') })
      const seen = merge.text + merge.conflicts.map((conflict) => conflict.theirs).join('')
      for (const line of theirs.filter((line) => line.startsWith('t'))) expect(seen).toContain(line)
      for (const line of mine.filter((line) => line.startsWith('m'))) expect(merge.text).toContain(line)
      for (const { start, end, mine: my } of merge.conflicts) expect(merge.text.slice(start, end)).toBe(my)
    }
  })
})
