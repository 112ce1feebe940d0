import { resolve } from 'node:path'
import { fail, ok, type Result } from '#contract/error.ts'
import { type Invocation, listOf } from './command.ts'

/** Options of the commands that compile a file given by path. */
export const sourceOptions = {
  include: { type: 'string', short: 'I', multiple: true },
  define: { type: 'string', short: 'D', multiple: true },
  constant: { type: 'string', multiple: true },
} as const

/** Splits `NAME=VALUE`; the value may hold more `=`. */
export function splitPair(text: string, option: string): Result<{ name: string; value: string }> {
  const at = text.indexOf('=')
  if (at > 0) return ok({ name: text.slice(0, at), value: text.slice(at + 1) })
  return fail({ kind: 'invalid', message: `${option} ${text}: expected NAME=VALUE` })
}

/** Every element parsed, or the first failure. */
export function parseAll<T>(texts: string[], parse: (text: string) => Result<T>): Result<T[]> {
  const values: T[] = []
  for (const text of texts) {
    const parsed = parse(text)
    if (!parsed.ok) return parsed
    values.push(parsed.value)
  }
  return ok(values)
}

export interface SourceOptions {
  path: string
  includeRoots: string[]
  macros: string[]
  constants: { name: string; value: string }[]
}

/** The file and how to compile it; `invalid` when there is not exactly one FILE. Paths become absolute. */
export function readSourceOptions(invocation: Invocation): Result<SourceOptions> {
  const [file, ...more] = invocation.positionals
  if (file === undefined || more.length > 0) {
    return fail({ kind: 'invalid', message: `expected one FILE, got ${invocation.positionals.join(' ') || 'none'}` })
  }
  const constants = parseAll(listOf(invocation, 'constant'), (text) => splitPair(text, '--constant'))
  if (!constants.ok) return constants
  return ok({
    path: resolve(file),
    includeRoots: listOf(invocation, 'include').map((folder) => resolve(folder)),
    macros: listOf(invocation, 'define'),
    constants: constants.value,
  })
}
