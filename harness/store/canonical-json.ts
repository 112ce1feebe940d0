import { createHash } from 'node:crypto'

/** JSON with the keys of every object sorted: equal values have equal text. Undefined members are left out. */
export function canonicalJson(value: unknown, indent = 0): string {
  return JSON.stringify(sorted(value), null, indent)
}

/**
 * JSON with sorted keys for a file that people and git read: what fits on a line of `width` stands on one, the rest has
 * one member a line.
 */
export function tidyJson(value: unknown, width = 120): string {
  const write = (part: unknown, indent: string, room: number): string => {
    const line = JSON.stringify(part)
    if (line.length <= room || part === null || typeof part !== 'object') return line
    const inner = `${indent}  `
    const members = Array.isArray(part)
      ? part.map((member) => write(member, inner, width - inner.length))
      : Object.entries(part).map(([key, member]) => {
          const head = `${JSON.stringify(key)}: `
          return head + write(member, inner, width - inner.length - head.length)
        })
    const [open, close] = Array.isArray(part) ? ['[', ']'] : ['{', '}']
    return `${open}\n${members.map((member) => inner + member).join(',\n')}\n${indent}${close}`
  }
  return write(sorted(value), '', 0)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]))
}

/** Hex SHA-256 of text or bytes. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
