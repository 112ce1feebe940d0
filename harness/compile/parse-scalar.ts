import { fail, ok, type Result } from '#contract/error.ts'
import type { ScalarType } from '#contract/launch.ts'

const integerRanges: Partial<Record<ScalarType, [bigint, bigint]>> = Object.fromEntries(
  [8, 16, 32, 64].flatMap((bits) => [
    [`i${bits}`, [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n]],
    [`u${bits}`, [0n, 2n ** BigInt(bits) - 1n]],
  ]),
)

const specialFloats: Record<string, number> = { nan: Number.NaN, inf: Infinity, '-inf': -Infinity }

function parseInteger(type: ScalarType, text: string, [low, high]: [bigint, bigint]): Result<bigint> {
  if (!/^-?(\d+|0x[\da-f]+)$/i.test(text)) {
    return fail({ kind: 'invalid', message: `"${text}" is not a whole number (type ${type})` })
  }
  const magnitude = BigInt(text.replace('-', ''))
  const value = text.startsWith('-') ? -magnitude : magnitude
  if (value >= low && value <= high) return ok(value)
  return fail({ kind: 'invalid', message: `${text} does not fit in ${type} (${low} to ${high})` })
}

/** A value as written on a command line: `896`, `-1`, `0x10`, `0.5`, `nan`, `inf`, `true`. */
export function parseScalar(type: ScalarType, text: string): Result<number | bigint | boolean> {
  const range = integerRanges[type]
  if (range) return parseInteger(type, text, range)
  if (type === 'bool') {
    if (['true', '1', 'false', '0'].includes(text)) return ok(text === 'true' || text === '1')
    return fail({ kind: 'invalid', message: `"${text}" is not a bool: write true or false` })
  }
  const special = specialFloats[text.toLowerCase()]
  const value = special ?? (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined)
  return value === undefined
    ? fail({ kind: 'invalid', message: `"${text}" is not a number (type ${type})` })
    : ok(value)
}
