/** Regular expression of a pattern: `*` any text, `?` one character, `{a,b}` alternatives, `,` between whole patterns. */
function patternSource(glob: string): string {
  const special: Record<string, string> = { '*': '.*', '?': '.', '{': '(?:', ',': '|' }
  let source = ''
  let depth = 0
  for (const character of glob) {
    if (character === '}' && depth > 0) source += ')'
    else source += special[character] ?? character.replace(/[.+^$()|[\]\\}]/, '\\$&')
    if (character === '{') depth++
    else if (character === '}' && depth > 0) depth--
  }
  return source + ')'.repeat(depth)
}

/** Whether a variant matches: a pattern without `/` is tried on the name, the backend and the whole id. */
export function matchesVariant(glob: string, variant: { id: string; backend: string; name: string }): boolean {
  const pattern = new RegExp(`^(?:${patternSource(glob)})$`)
  const subjects = glob.includes('/') ? [variant.id] : [variant.id, variant.name, variant.backend]
  return subjects.some((subject) => pattern.test(subject))
}
