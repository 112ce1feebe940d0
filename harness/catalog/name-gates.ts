import { nameToken } from './name-tokens.ts'
import type { Range } from './ranges.ts'

/** Ranges that old manifests express by a word in a variant's name. Read only where the variant has no `requires`. */
export interface NameGate {
  gate: string
  ranges: Record<string, Range>
  needsBias: boolean
}

interface GateRule {
  gate: string
  matches: (name: string) => boolean
  ranges?: Record<string, Range>
  needsBias?: boolean
}

const oneRow = { min: 1, max: 1 }

/** In the order of the format; the first that fails gives the reason. */
const rules: GateRule[] = [
  {
    gate: 'ultra_tiny',
    matches: (name) => name.includes('ultra_tiny'),
    ranges: { n: { max: 2048 }, k: { max: 2048 }, m: oneRow },
  },
  { gate: 'fused_bias', matches: (name) => name.includes('fused_bias'), needsBias: true },
  {
    gate: 'largek_smalln',
    matches: (name) => name.includes('largek_smalln'),
    ranges: { k: { min: 2048 }, n: { max: 2048 }, m: oneRow },
  },
  {
    gate: 'smalln',
    matches: (name) => name.includes('smalln') && !name.includes('largek_smalln'),
    ranges: { n: { max: 16 }, m: oneRow },
  },
  {
    gate: 'bn256 with tgread',
    matches: (name) => name.includes('bn256') && name.includes('tgread'),
    ranges: { n: { min: 4096 }, m: oneRow },
  },
  {
    gate: 'worksteal_chunk4',
    matches: (name) => name.includes('worksteal_chunk4'),
    ranges: { n: { min: 32768 }, m: oneRow },
  },
  { gate: 'triplebuf', matches: (name) => name.includes('triplebuf'), ranges: { n: { min: 4096 }, m: oneRow } },
]

const debugRule: GateRule = {
  gate: 'dbg',
  matches: (name) => name.includes('dbg'),
  ranges: { k: { min: 2048 }, n: { min: 32 }, m: oneRow },
}

/** The gates of a variant's name, in the order in which they are checked. */
export function nameGatesOf(name: string): NameGate[] {
  const rows = nameToken(name, 'rows')
  const rowsRule: GateRule[] =
    rows === null ? [] : [{ gate: `rows${rows}`, matches: () => true, ranges: { m: { min: rows } } }]
  return [...rules, ...rowsRule, debugRule]
    .filter((rule) => rule.matches(name))
    .map(({ gate, ranges = {}, needsBias = false }) => ({ gate, ranges, needsBias }))
}
