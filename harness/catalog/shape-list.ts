import type { Result } from '#contract/error.ts'
import type { Problem } from '#contract/manifest.ts'
import { formatShape, type ListedShape, type Shape } from '#contract/shape.ts'
import { parseShapeCsv, shapeCsvHeader } from './shape-csv.ts'
import { shapeFromFields } from './shape-text.ts'
import { type ShapeList, shapeWarning } from './shape-warning.ts'

const headerStart = /^\s*op\s*=\s*[^|]*\|/
const statsStart = /^\s+\S.*=/
const shapeKeys = new Set(['batch', 'm', 'n', 'k', 'tA', 'tB', 'bias', 'alpha', 'beta', 'accumulate', 'act', 'dtype'])
/** Keys of a header that say nothing about the product itself. */
const ignoredKeys = new Set(['op', 'strided_batch', 'backend'])
const statKeys = {
  count: 'count',
  total: 'totalMs',
  avg: 'avgMs',
  min: 'minMs',
  max: 'maxMs',
  p95_ms: 'p95Ms',
  p99_ms: 'p99Ms',
} as const

interface Entry {
  line: number
  header: string
  stats: string[]
}

/** Whether a text looks like a shape list, from its first part. */
export function looksLikeShapeList(text: string): boolean {
  const lines = text.split(/\r?\n/, 400)
  if (shapeCsvHeader(lines[0] ?? '')) return true
  return lines.some((line) => headerStart.test(line) && /\bm\s*=/.test(line) && /\bk\s*=/.test(line))
}

/**
 * Reads a shape list: pasted profiler output (a header line per shape, indented statistics below) or the CSV with
 * columns op,batch,m,n,k,tA,tB,…. Never fails: what cannot be read is left out and named in `warnings`. An entry that
 * the file's end cuts in the middle is left out. A shape listed twice is kept once.
 */
export function parseShapeList(text: string, path = 'shape list'): ShapeList {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const list = shapeCsvHeader(lines[0] ?? '') ? parseShapeCsv(lines, path) : parseProfile(lines, path)
  return withoutDoubles(list, path)
}

function withoutDoubles(list: ShapeList, path: string): ShapeList {
  const firstLine = new Map<string, number>()
  const shapes = list.shapes.filter((listed) => {
    const key = formatShape(listed.shape)
    const known = firstLine.get(key)
    if (known === undefined) firstLine.set(key, listed.line)
    else
      list.warnings.push(
        shapeWarning(path, {
          line: listed.line,
          rule: 'shapes.double',
          message: `the shape of line ${known} again; it is kept once`,
        }),
      )
    return known === undefined
  })
  return { shapes, warnings: list.warnings }
}

function entriesOf(lines: string[]): Entry[] {
  const entries: Entry[] = []
  lines.forEach((text, at) => {
    if (headerStart.test(text) || /^\s*op\s*=/.test(text))
      entries.push({ line: at + 1, header: text.trim(), stats: [] })
    else if (statsStart.test(text)) entries.at(-1)?.stats.push(text.trim())
  })
  return entries
}

function pairsOf(text: string): [string, string][] {
  return text.split(/[|,]/).flatMap((part) => {
    const at = part.indexOf('=')
    return at > 0 ? [[part.slice(0, at).trim(), part.slice(at + 1).trim()] as [string, string]] : []
  })
}

/** Statistics of one backend's line; of a `backend=mps:` line when the entry has one, else of its first. */
function statsOf(entry: Entry): Partial<ListedShape> {
  const line = entry.stats.find((text) => text.startsWith('backend=mps')) ?? entry.stats[0]
  if (!line) return {}
  const stats: Partial<Record<(typeof statKeys)[keyof typeof statKeys], number>> = {}
  for (const [key, text] of pairsOf(line.replace(/^backend\s*=\s*[^:]*:/, ''))) {
    const value = Number.parseFloat(text)
    if (Object.hasOwn(statKeys, key) && Number.isFinite(value)) stats[statKeys[key as keyof typeof statKeys]] = value
  }
  return stats
}

function shapeOf(header: string): { op: string; shape: Result<Shape> } {
  const pairs = pairsOf(header.replace(/:$/, ''))
  const op = pairs.find(([key]) => key === 'op')?.[1] ?? ''
  const fields = pairs.filter(([key]) => !ignoredKeys.has(key) && shapeKeys.has(key))
  if (op.includes('bias') && !fields.some(([key]) => key === 'bias')) fields.push(['bias', '1'])
  return { op, shape: shapeFromFields(fields) }
}

/**
 * How the last entry is cut off, or null when it is whole. A whole entry ends like the ones before it: with the colon of
 * its header, with statistics, and with all of their keys.
 */
function cutOf(entries: Entry[], endsWithNewline: boolean): string | null {
  const last = entries.at(-1)
  if (!last) return null
  const before = entries.slice(0, -1)
  const hasColons = before.length === 0 ? last.stats.length > 0 : before.every((entry) => entry.header.endsWith(':'))
  const hasStats = before.length > 0 && before.every((entry) => entry.stats.length > 0)
  if (last.stats.length === 0) {
    if (hasColons && !last.header.endsWith(':')) return 'inside its header'
    if (hasStats) return 'before its statistics'
    if (before.length === 0 && !endsWithNewline && !last.header.endsWith(':')) return 'inside its header'
    return null
  }
  const keysOf = (line: string) => pairsOf(line.replace(/^backend\s*=\s*[^:]*:/, '')).map(([key]) => key)
  const whole = before[0]?.stats.at(-1)
  const missing = whole ? keysOf(whole).filter((key) => !keysOf(last.stats.at(-1) ?? '').includes(key)) : []
  const isOpen = !endsWithNewline && /[=|,.]$/.test(last.stats.at(-1) ?? '')
  return missing.length > 0 || isOpen ? 'inside its statistics' : null
}

function parseProfile(lines: string[], path: string): ShapeList {
  const entries = entriesOf(lines)
  const warnings: Problem[] = []
  const cut = cutOf(entries, lines.at(-1) === '')
  const last = cut ? entries.pop() : undefined
  const shapes = entries.flatMap((entry): ListedShape[] => {
    const { op, shape } = shapeOf(entry.header)
    const typed = /\bdtype\s*=/.test(entry.header) ? { hasDtype: true } : {}
    if (shape.ok) return [{ shape: shape.value, op, line: entry.line, ...typed, ...statsOf(entry) }]
    warnings.push(
      shapeWarning(path, { line: entry.line, rule: 'shapes.entry', message: `left out: ${shape.error.message}` }),
    )
    return []
  })
  if (last) {
    const message = `the file ends in the middle of this entry (${cut}); it is left out, the ${shapes.length} before it are kept`
    warnings.unshift(shapeWarning(path, { line: last.line, rule: 'shapes.cut', message }))
  }
  return { shapes, warnings }
}
