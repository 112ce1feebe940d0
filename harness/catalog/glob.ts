/** A pattern over variant ids: `*` any text, `?` one character, `{a,b}` alternatives, `,` between whole patterns. */
function patternSource(glob: string): string {
  let depth = 0
  const pieces = Array.from(glob, (character) => {
    if (character === '*') return '.*'
    if (character === '?') return '.'
    if (character === '{') return depth++, '(?:'
    if (character === '}' && depth > 0) return depth--, ')'
    if (character === ',') return '|'
    return character.replace(/[.+^$()|[\]\\{}]/g, '\\$&')
  })
  return pieces.join('') + ')'.repeat(depth)
}

/** Whether a variant matches: a pattern without `/` is tried on the name, the backend and the whole id. */
export function matchesVariant(glob: string, variant: { id: string; backend: string; name: string }): boolean {
  const pattern = new RegExp(`^(?:${patternSource(glob)})$`)
  const subjects = glob.includes('/') ? [variant.id] : [variant.id, variant.name, variant.backend]
  return subjects.some((subject) => pattern.test(subject))
}
