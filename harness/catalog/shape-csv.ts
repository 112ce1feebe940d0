import type { Problem } from '#contract/manifest.ts'
import type { ListedShape } from '#contract/shape.ts'
import { shapeFromFields } from './shape-text.ts'
import { type ShapeList, shapeWarning } from './shape-warning.ts'

const required = ['op', 'm', 'n', 'k']
const shapeColumns = ['batch', 'm', 'n', 'k', 'tA', 'tB', 'bias', 'alpha', 'beta', 'accumulate', 'act', 'dtype']
const statColumns = {
  count: 'count',
  total_ms: 'totalMs',
  avg_ms: 'avgMs',
  min_ms: 'minMs',
  max_ms: 'maxMs',
  p95_ms: 'p95Ms',
  p99_ms: 'p99Ms',
} as const

/** Columns of a CSV shape list's first line; null when it is none (results carry a `variant` column). */
export function shapeCsvHeader(line: string): string[] | null {
  const columns = splitCsv(line.replace(/^\uFEFF/, '')).map((name) => name.trim())
  return required.every((name) => columns.includes(name)) && !columns.includes('variant') ? columns : null
}

/** Fields of a CSV line; a field may stand in double quotes, which are doubled inside it. */
export function splitCsv(line: string): string[] {
  const fields: string[] = []
  const pattern = /(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/y
  for (let match = pattern.exec(line); match; match = pattern.exec(line)) {
    fields.push(match[1] !== undefined ? match[1].replaceAll('""', '"') : (match[2] ?? ''))
    if (match[3] === '') break
  }
  return fields
}

/** Reads the lines of a CSV shape list; a last line with too few fields is a cut. */
export function parseShapeCsv(lines: string[], path: string): ShapeList {
  const columns = shapeCsvHeader(lines[0] ?? '') ?? []
  const shapes: ListedShape[] = []
  const warnings: Problem[] = []
  const body = lines.map((text, at) => ({ text, line: at + 1 })).slice(1)
  const rows = body.filter(({ text }) => text.trim() !== '' && !text.startsWith('#'))
  for (const { text, line } of rows) {
    const fields = splitCsv(text)
    if (fields.length < columns.length && line === rows.at(-1)?.line) {
      const message = `the file ends in the middle of this line; it is left out, the ${shapes.length} before it are kept`
      warnings.push(shapeWarning(path, { line, rule: 'shapes.cut', message }))
      continue
    }
    const row = Object.fromEntries(columns.map((name, at) => [name, (fields[at] ?? '').trim()]))
    const shape = shapeOfRow(row)
    const named = { ...(row.role ? { role: row.role } : {}), ...(row.dtype ? { hasDtype: true } : {}) }
    if (shape.ok) shapes.push({ shape: shape.value, op: row.op ?? '', line, ...statsOfRow(row), ...named })
    else warnings.push(shapeWarning(path, { line, rule: 'shapes.entry', message: `left out: ${shape.error.message}` }))
  }
  return { shapes, warnings }
}

function shapeOfRow(row: Record<string, string>) {
  const fields = shapeColumns.flatMap((name) => (row[name] ? [[name, row[name]] as [string, string]] : []))
  if (row.op?.includes('bias') && !row.bias) fields.push(['bias', '1'])
  return shapeFromFields(fields)
}

function statsOfRow(row: Record<string, string>): Partial<ListedShape> {
  const entries = Object.entries(statColumns).flatMap(([column, key]) => {
    const value = Number.parseFloat(row[column] ?? '')
    return Number.isFinite(value) ? [[key, value] as const] : []
  })
  return Object.fromEntries(entries)
}
