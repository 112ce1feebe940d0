/** How well the letters of `query` appear in order in `text`: higher is better, null when they do not. */
export function fuzzyScore(query: string, text: string): number | null {
  const wanted = query.toLowerCase().replaceAll(' ', '')
  const given = text.toLowerCase()
  let score = 0
  let from = 0
  for (const letter of wanted) {
    const at = given.indexOf(letter, from)
    if (at === -1) return null
    const isWordStart = at === 0 || /[^a-z0-9]/.test(given[at - 1] ?? '')
    score += (at === from ? 3 : 0) + (isWordStart ? 4 : 0) - Math.min(3, at - from) * 0.2
    from = at + 1
  }
  return score - given.length * 0.01
}

/** The items whose text matches, best first; all of them, in order, for an empty query. */
export function fuzzyFilter<T>(items: readonly T[], query: string, text: (item: T) => string): T[] {
  return items
    .map((item) => ({ item, score: fuzzyScore(query, text(item)) }))
    .filter((entry): entry is { item: T; score: number } => entry.score !== null)
    .sort((a, b) => b.score - a.score)
    .map((entry) => entry.item)
}
