/** Allowed values of one formula name. Bounds are inclusive. */
export interface Range {
  min?: number | undefined
  max?: number | undefined
  multipleOf?: number | undefined
}

/** Why a value is outside a range (`n=3000 but at most 2048`), or null. */
function outside(name: string, value: number, range: Range): string | null {
  if (range.min !== undefined && value < range.min) return `${name}=${value} but at least ${range.min} is required`
  if (range.max !== undefined && value > range.max) return `${name}=${value} but at most ${range.max} is allowed`
  if (range.multipleOf !== undefined && value % range.multipleOf !== 0)
    return `${name}=${value} but a multiple of ${range.multipleOf} is required`
  return null
}

/** The first of the ranges that the names do not keep, as text; null when all hold. An unknown name is a problem. */
export function rangeProblem(
  ranges: Readonly<Record<string, Range>>,
  names: Readonly<Record<string, number>>,
): string | null {
  for (const [name, range] of Object.entries(ranges)) {
    if (!Object.hasOwn(names, name)) return `requires names '${name}', which is no shape name or param`
    const problem = outside(name, names[name] as number, range)
    if (problem) return problem
  }
  return null
}
