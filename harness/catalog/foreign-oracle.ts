import type { ForeignEntry, ForeignShape } from './foreign-folder-fixture.ts'

/** Test support: a reason in words, and what in a gap's text shows that it is this one. */
export interface ExpectedGap {
  rule: string
  says: RegExp
}

type Check = (entry: ForeignEntry, shape: Required<ForeignShape> & { bias: boolean }) => ExpectedGap | null

const flagOf = ({ json }: ForeignEntry, name: string) => (json.supports as Record<string, unknown>)[name]
const gap = (rule: string, ...words: string[]): ExpectedGap => ({
  rule,
  says: new RegExp(words.map((word) => `(?=.*${word.replaceAll('.', '\\.')})`).join('')),
})

const unsupported = (name: string, isNeeded: Parameters<typeof needs>[1]): Check => needs(name, isNeeded)
function needs(name: string, isNeeded: (shape: Parameters<Check>[1]) => boolean): Check {
  return (entry, shape) =>
    flagOf(entry, name) === false && isNeeded(shape) ? gap(name, `^${name} not supported$`) : null
}

const expected = (name: 'transposeA' | 'transposeB', actual: (shape: Parameters<Check>[1]) => boolean): Check => {
  const key = name.replace('t', 'expectedT')
  return (entry, shape) => {
    const wanted = flagOf(entry, key)
    if (wanted === undefined || wanted === actual(shape)) return null
    return gap(key, `^${name}=${actual(shape)} but expected ${wanted}$`)
  }
}

/** Words of names and what they ask for, said as sets of allowed values rather than as ranges. */
const words: { word: string; isIn(name: string): boolean; fails(shape: Parameters<Check>[1]): string | null }[] = [
  {
    word: 'ultra_tiny',
    isIn: (name) => name.includes('ultra_tiny'),
    fails: ({ m, n, k }) => (n > 2048 ? 'n=' : k > 2048 ? 'k=' : m !== 1 ? 'm=' : null),
  },
  {
    word: 'fused_bias',
    isIn: (name) => name.includes('fused_bias'),
    fails: ({ bias }) => (bias ? null : 'bias'),
  },
  {
    word: 'largek_smalln',
    isIn: (name) => name.includes('largek_smalln'),
    fails: ({ m, n, k }) => (k < 2048 ? 'k=' : n > 2048 ? 'n=' : m !== 1 ? 'm=' : null),
  },
  {
    word: 'smalln',
    isIn: (name) => name.split('largek_smalln').join('').includes('smalln'),
    fails: ({ m, n }) => (n > 16 ? 'n=' : m !== 1 ? 'm=' : null),
  },
  {
    word: 'bn256',
    isIn: (name) => name.includes('bn256') && name.includes('tgread'),
    fails: ({ m, n }) => (n < 4096 ? 'n=' : m !== 1 ? 'm=' : null),
  },
  {
    word: 'worksteal_chunk4',
    isIn: (name) => name.includes('worksteal_chunk4'),
    fails: ({ m, n }) => (n < 32768 ? 'n=' : m !== 1 ? 'm=' : null),
  },
  {
    word: 'triplebuf',
    isIn: (name) => name.includes('triplebuf'),
    fails: ({ m, n }) => (n < 4096 ? 'n=' : m !== 1 ? 'm=' : null),
  },
  { word: 'rows2', isIn: (name) => name.includes('rows2'), fails: ({ m }) => (m < 2 ? 'm=' : null) },
  { word: 'rows4', isIn: (name) => name.includes('rows4'), fails: ({ m }) => (m < 4 ? 'm=' : null) },
  {
    word: 'dbg',
    isIn: (name) => name.includes('dbg'),
    fails: ({ m, n, k }) => (k < 2048 ? 'k=' : n < 32 ? 'n=' : m !== 1 ? 'm=' : null),
  },
]

const nameSays: Check = (entry, shape) => {
  if (entry.json.requires !== undefined) return null
  for (const { word, isIn, fails } of words) {
    const failing = isIn(entry.name) ? fails(shape) : null
    if (failing !== null) return gap(`name: ${word}`, word, failing)
  }
  return null
}

const requirement: Check = ({ json }, shape) => {
  for (const [name, range] of Object.entries((json.requires ?? {}) as Record<string, Record<string, number>>)) {
    const value = shape[name as 'm' | 'n' | 'k']
    const { min = value, max = value, multipleOf = 1 } = range
    if (value < min || value > max || value % multipleOf !== 0) return gap(`requires ${name}`, `${name}=${value} `)
  }
  return null
}

/** In the order of the format. */
const checks: Check[] = [
  unsupported('transposeA', ({ tA }) => tA === 1),
  unsupported('transposeB', ({ tB }) => tB === 1),
  expected('transposeA', ({ tA }) => tA === 1),
  expected('transposeB', ({ tB }) => tB === 1),
  unsupported('batch', ({ batch }) => batch !== 1),
  unsupported('bias', ({ bias }) => bias),
  unsupported('accumulate', ({ accumulate, beta }) => accumulate === 1 || beta !== 0),
  unsupported('smallMN', ({ m, n }) => Math.min(m, n) <= 16),
  unsupported('smallK', ({ k }) => k <= 63),
  (entry, { n }) => {
    const values = flagOf(entry, 'supportedNValues') as number[] | undefined
    return values === undefined || values.indexOf(n) >= 0
      ? null
      : gap('supportedNValues', `n=${n} `, 'supportedNValues')
  },
  nameSays,
  requirement,
]

/** Test support: why the format leaves an enabled entry out for a shape; null when it is run. */
export function oracleGap(entry: ForeignEntry, shape: ForeignShape): ExpectedGap | null {
  const full = { batch: 1, tA: 0, tB: 0, beta: 0, accumulate: 0, ...shape, bias: shape.op.includes('bias') }
  for (const check of checks) {
    const found = check(entry, full as Parameters<Check>[1])
    if (found) return found
  }
  return null
}
