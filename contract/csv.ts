export type Scalar = string | number | boolean

/** Every scalar of a value by its dotted path; an array becomes its length, as `<path>Count`. */
export function scalarsOf(value: unknown, path: string, into: Map<string, Scalar>): void {
  if (Array.isArray(value)) into.set(`${path}Count`, value.length)
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) scalarsOf(member, path ? `${path}.${name}` : name, into)
  } else if (value !== null && value !== undefined) into.set(path, value as Scalar)
}

/**
 * Quoted where a comma, a quote or a line's end would be read as the format's own; a text that a spreadsheet would take for
 * a formula begins with an apostrophe.
 */
export function csvField(value: Scalar | undefined): string {
  if (value === undefined) return ''
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Records as lines below the names of their columns: `leading` first, where there are any such, all others sorted by name. */
export function csvText(records: readonly ReadonlyMap<string, Scalar>[], leading: readonly string[]): string {
  const names = new Set(records.flatMap((record) => [...record.keys()]))
  const others = [...names].filter((name) => !leading.includes(name)).sort()
  const columns = [...leading.filter((name) => names.has(name)), ...others]
  const lines = records.map((record) => columns.map((name) => csvField(record.get(name))).join(','))
  return [columns.join(','), ...lines].join('\n')
}
