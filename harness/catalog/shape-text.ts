import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import { type Shape, shapeSchema } from '#contract/shape.ts'

const integers = new Set(['m', 'n', 'k', 'batch'])
const numbers = new Set(['alpha', 'beta'])
const booleans: Record<string, boolean> = { 0: false, 1: true, false: false, true: true }
const flags = new Set(['tA', 'tB', 'bias', 'accumulate'])
const keys = [...integers, ...flags, ...numbers, 'act', 'dtype']

function fieldValue(key: string, text: string): number | boolean | string | null {
  if (integers.has(key)) return /^\d+$/.test(text) ? Number(text) : null
  if (numbers.has(key)) return text !== '' && Number.isFinite(Number(text)) ? Number(text) : null
  if (flags.has(key)) return Object.hasOwn(booleans, text) ? (booleans[text] as boolean) : null
  return text
}

/** A shape from `[key, text]` pairs; `invalid` names the key that is missing, unknown, doubled or malformed. */
export function shapeFromFields(fields: Iterable<readonly [string, string]>): Result<Shape> {
  const values: Record<string, number | boolean | string> = {}
  for (const [key, text] of fields) {
    if (!keys.includes(key)) return invalid(`unknown key '${key}'; known: ${keys.join(' ')}`)
    if (Object.hasOwn(values, key)) return invalid(`'${key}' is given twice`)
    const value = fieldValue(key, text)
    if (value === null) return invalid(`'${key}' cannot be '${text}'`)
    values[key] = value
  }
  const missing = ['m', 'n', 'k'].filter((key) => !Object.hasOwn(values, key))
  if (missing.length > 0) return invalid(`${missing.join(', ')} missing`)
  const shape = shapeSchema.safeParse(values)
  if (shape.success) return ok(shape.data)
  const issue = shape.error.issues[0]
  return invalid(`'${issue?.path.join('.')}': ${issue?.message}`)
}

function invalid(message: string): Result<never> {
  return fail({ kind: 'invalid', message: `shape: ${message}` })
}

/** Reads `m=1,n=896,k=896,tA=0,tB=1,…`; m, n and k are required, the rest has defaults. Inverse of formatShape. */
export function parseShape(text: string): Result<Shape> {
  const fields: [string, string][] = []
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const at = part.indexOf('=')
    if (at < 1) return invalid(`'${part}' is not key=value (expected like m=1,n=896,k=896,tB=1)`)
    fields.push([part.slice(0, at).trim(), part.slice(at + 1).trim()])
  }
  return shapeFromFields(fields)
}
