import { fail, ok, type Result } from '#contract/error.ts'
import type { ManifestReading } from './types.ts'

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

/** `not-found` when a pattern matches no variant of a manifest, enabled or not: most likely it is misspelt. */
export function checkGlob(glob: string | undefined, { variants, invalid }: ManifestReading): Result<void> {
  if (glob === undefined) return ok(undefined)
  const broken = invalid.map(({ id }) => {
    const at = id.indexOf('/')
    return { id, backend: id.slice(0, at), name: id.slice(at + 1) }
  })
  if ([...variants, ...broken].some((variant) => matchesVariant(glob, variant))) return ok(undefined)
  const ids = variants.slice(0, 12).map(({ id }) => id)
  const hint = ids.length > 0 ? `; there are: ${ids.join(', ')}${variants.length > ids.length ? ', …' : ''}` : ''
  return fail({ kind: 'not-found', message: `no variant matches ${glob}${hint}` })
}
