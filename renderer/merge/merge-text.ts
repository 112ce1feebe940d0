import { diffLines, type Hunk, splitLines } from './diff-lines.ts'

/** What two people started from (null: not known), what the disk holds now, and what was typed here. */
export interface Sides {
  base: string | null
  theirs: string
  mine: string
}

/** A place that both changed, each in another way. `base` is null where the common text is not known. */
export interface TextConflict {
  base: string | null
  theirs: string
  mine: string
  /** Offsets of `mine` in the merged text. */
  start: number
  end: number
}

export interface TextMerge {
  /** All changes of both; where they conflict, mine. */
  text: string
  conflicts: TextConflict[]
  /** Changes of one side alone, which need no decision. */
  theirChanges: number
  myChanges: number
}

/** Merges by line. Changes that overlap or touch conflict, unless both made the same. */
export function mergeText({ base, theirs, mine }: Sides): TextMerge {
  if (base === null) return mergeWithoutBase(theirs, mine)
  const lines = { base: splitLines(base), theirs: splitLines(theirs), mine: splitLines(mine) }
  const merge: TextMerge = { text: '', conflicts: [], theirChanges: 0, myChanges: 0 }
  let done = 0
  const moved = { theirs: 0, mine: 0 }
  for (const group of groups(diffLines(lines.base, lines.theirs), diffLines(lines.base, lines.mine))) {
    merge.text += lines.base.slice(done, group.start).join('')
    const part = (side: 'theirs' | 'mine') => {
      const grown = group[side].reduce((sum, hunk) => sum + hunk.bEnd - hunk.bStart - (hunk.aEnd - hunk.aStart), 0)
      const text = lines[side].slice(group.start + moved[side], group.end + moved[side] + grown).join('')
      moved[side] += grown
      return text
    }
    const [their, my] = [part('theirs'), part('mine')]
    addGroup(merge, { group, theirs: their, mine: my, base: lines.base.slice(group.start, group.end).join('') })
    done = group.end
  }
  merge.text += lines.base.slice(done).join('')
  return merge
}

interface Group {
  /** Lines of the base. */
  start: number
  end: number
  theirs: Hunk[]
  mine: Hunk[]
}

function addGroup(merge: TextMerge, part: { group: Group; base: string; theirs: string; mine: string }): void {
  const { group, base, theirs, mine } = part
  if (group.mine.length === 0) merge.theirChanges++
  else if (group.theirs.length === 0) merge.myChanges++
  else if (theirs !== mine) {
    const start = merge.text.length
    merge.conflicts.push({ base, theirs, mine, start, end: start + mine.length })
  }
  merge.text += group.mine.length === 0 ? theirs : mine
}

/** Changes of either side, those that overlap or touch together. */
function groups(theirs: readonly Hunk[], mine: readonly Hunk[]): Group[] {
  const all = [
    ...theirs.map((hunk) => ({ hunk, side: 'theirs' as const })),
    ...mine.map((hunk) => ({ hunk, side: 'mine' as const })),
  ].sort((a, b) => a.hunk.aStart - b.hunk.aStart || a.hunk.aEnd - b.hunk.aEnd)
  const found: Group[] = []
  for (const { hunk, side } of all) {
    let group = found.at(-1)
    if (!group || hunk.aStart > group.end) {
      group = { start: hunk.aStart, end: hunk.aEnd, theirs: [], mine: [] }
      found.push(group)
    }
    group.end = Math.max(group.end, hunk.aEnd)
    group[side].push(hunk)
  }
  return found
}

function mergeWithoutBase(theirs: string, mine: string): TextMerge {
  const [their, my] = [splitLines(theirs), splitLines(mine)]
  const offsets = [0]
  for (const line of my) offsets.push((offsets.at(-1) ?? 0) + line.length)
  const conflicts = diffLines(their, my).map(({ aStart, aEnd, bStart, bEnd }) => ({
    base: null,
    theirs: their.slice(aStart, aEnd).join(''),
    mine: my.slice(bStart, bEnd).join(''),
    start: offsets[bStart] ?? 0,
    end: offsets[bEnd] ?? 0,
  }))
  return { text: mine, conflicts, theirChanges: 0, myChanges: 0 }
}
