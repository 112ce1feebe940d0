import type { Row } from './row.ts'
import { deviceTime } from './row-bars.ts'
import { formatShape } from './shape.ts'

/** A figure of a row. Of one that was measured `low` to `high` is where it would be found again; an exact one has both ends on it. */
export interface Figure {
  value: number
  low?: number | undefined
  high?: number | undefined
}

export type MetricKind = 'ratio' | 'ns' | 'share' | 'error'

/**
 * `?`: the difference is not larger than both intervals, or they overlap, or one is not known: nothing can be said. `equal`:
 * two exact figures are the same. `none`: there is nothing to compare.
 */
export type MetricOutcome = 'better' | 'worse' | 'equal' | '?' | 'none'

export interface MetricDiff {
  name: string
  kind: MetricKind
  reference: Figure | null
  row: Figure | null
  /** row ÷ reference, its ends from the outermost ones of both; null where either is missing or not above 0. */
  change: Figure | null
  outcome: MetricOutcome
}

/** Something in which the conditions of two measurements differ. */
export interface ConditionDiff {
  name: string
  reference: string
  row: string
}

export interface Comparison {
  metrics: MetricDiff[]
  /** What else differs than the kernel; empty: the same measurement of two kernels, or of one twice. */
  conditions: ConditionDiff[]
  /** Source and manifest's entry are the same in both. */
  isSameKernel: boolean
  /** For neither row is it known how far repeats lie apart: intervals are those within one measurement. */
  isSpreadUnknown: boolean
}

interface Metric {
  name: string
  kind: MetricKind
  isHigherBetter?: boolean
  /** Says nothing between two shapes or two clocks. */
  needsSameWork?: boolean
  of(row: Row): Figure | null
}

/** 95 of 100 lie within so many standard deviations. */
const deviations = 1.96

/** An interval of one measurement, made as wide as repeats of it lie apart. */
function acrossRepeats({ value, low, high }: Required<Figure>, spread: number | undefined): Figure {
  const share = deviations * (spread ?? 0)
  return {
    value,
    low: Math.min(low as number, value * (1 - share)),
    high: Math.max(high as number, value * (1 + share)),
  }
}

function ratioOf({ ratio, repeats }: Row): Figure | null {
  if (!ratio) return null
  return {
    value: ratio.value,
    low: Math.min(ratio.low, repeats?.low ?? ratio.low),
    high: Math.max(ratio.high, repeats?.high ?? ratio.high),
  }
}

function timeOf(arm: Row['kernel'] | Row['baseline'] | undefined, { repeats }: Row): Figure | null {
  const time = deviceTime(arm)
  if (!time || arm?.lowNs === undefined || arm.highNs === undefined) return null
  return acrossRepeats({ value: time.ns, low: arm.lowNs, high: arm.highNs }, repeats?.spread)
}

/** The roof is a given: only the time it is held against was measured. */
function roofShareOf(row: Row): Figure | null {
  const time = timeOf(row.kernel, row)
  if (!time || !row.roof || row.kernel?.roofFraction === undefined) return null
  const { leastNs } = row.roof
  return { value: row.kernel.roofFraction, low: leastNs / (time.high as number), high: leastNs / (time.low as number) }
}

const exactly = (value: number | undefined): Figure | null =>
  value === undefined ? null : { value, low: value, high: value }

/** Host times are medians that the row keeps without an interval. */
const bare = (value: number | undefined): Figure | null => (value ? { value } : null)

const metrics: readonly Metric[] = [
  { name: 'Kernel ÷ baseline', kind: 'ratio', of: ratioOf },
  { name: 'Kernel', kind: 'ns', needsSameWork: true, of: (row) => timeOf(row.kernel, row) },
  { name: 'Baseline', kind: 'ns', needsSameWork: true, of: (row) => timeOf(row.baseline, row) },
  { name: 'Of the roof', kind: 'share', isHigherBetter: true, of: roofShareOf },
  { name: 'Host, per dispatch', kind: 'ns', of: ({ kernel }) => kernel?.overheadNsPerDispatch ?? null },
  { name: 'Host, encode', kind: 'ns', of: ({ kernel }) => bare(kernel?.encodeNs) },
  { name: 'Host, commit', kind: 'ns', of: ({ kernel }) => bare(kernel?.commitNs) },
  { name: 'Max error', kind: 'error', needsSameWork: true, of: ({ error }) => exactly(error?.maxAbs) },
  { name: 'Of the error bound', kind: 'error', needsSameWork: true, of: ({ error }) => exactly(error?.bound) },
]

const isExact = ({ value, low, high }: Figure) => low === value && high === value

/** Whether two figures differ by more than either interval is wide, with nothing of the intervals shared. */
export function isDifferent(a: Figure, b: Figure): boolean {
  if (a.low === undefined || a.high === undefined || b.low === undefined || b.high === undefined) return false
  const distance = Math.abs(b.value - a.value)
  const isApart = a.high < b.low || b.high < a.low
  return isApart && distance > a.high - a.low && distance > b.high - b.low
}

function outcomeOf({ isHigherBetter = false }: Metric, a: Figure | null, b: Figure | null): MetricOutcome {
  if (!a || !b) return 'none'
  if (isExact(a) && isExact(b) && a.value === b.value) return 'equal'
  if (!isDifferent(a, b)) return '?'
  return b.value > a.value === isHigherBetter ? 'better' : 'worse'
}

function changeOf(a: Figure | null, b: Figure | null): Figure | null {
  if (!a || !b || a.value <= 0 || b.value <= 0) return null
  const value = b.value / a.value
  if (a.low === undefined || a.high === undefined || b.low === undefined || b.high === undefined) return { value }
  return a.low > 0 ? { value, low: b.low / a.high, high: b.high / a.low } : { value }
}

/** What of an identity is no part of the kernel itself, in words. */
const conditionNames: readonly [name: string, of: (row: Row) => unknown][] = [
  ['shape', ({ shape }) => formatShape(shape)],
  ['layout of B', ({ layout }) => layout?.b ?? 'as the shape says'],
  ['device', ({ identity }) => identity.device],
  ['driver', ({ identity }) => identity.driver],
  ['system', ({ identity }) => identity.os],
  ['cores', ({ identity }) => identity.coreCount],
  ['power', ({ identity }) => identity.power],
  ['tier', ({ identity }) => identity.tier],
  ['compiler', ({ identity }) => identity.compiler],
  ['flags', ({ identity }) => identity.flags],
  ['math mode', ({ identity }) => identity.mathMode],
  ['type', ({ identity }) => identity.dtype],
  ['data', ({ identity }) => identity.data],
  ['seed', ({ identity }) => identity.seed],
  ['mode', ({ identity }) => identity.mode],
  ['cache', ({ identity }) => identity.cache],
  ['baseline', ({ identity }) => identity.baseline],
  ['lab', ({ identity }) => identity.labVersion],
  ['how it is measured', ({ identity }) => identity.protocol],
]

function conditionsOf(reference: Row, row: Row): ConditionDiff[] {
  const told = (value: unknown) => (value === undefined || value === '' ? 'not known' : String(value))
  return conditionNames
    .map(([name, of]) => ({ name, reference: told(of(reference)), row: told(of(row)) }))
    .filter((condition) => condition.reference !== condition.row)
}

/**
 * Two rows, metric by metric. Every interval is as wide as repeats of the row's measurement lie apart, where that is known:
 * the two were measured at different times. `better` and `worse` are said of `row`, against `reference`.
 */
export function compareRows(reference: Row, row: Row): Comparison {
  const isSameWork =
    formatShape(reference.shape) === formatShape(row.shape) &&
    deviceTime(reference.kernel)?.domain === deviceTime(row.kernel)?.domain
  const diffs = metrics.map((metric): MetricDiff => {
    const [a, b] = [metric.of(reference), metric.of(row)]
    const isComparable = isSameWork || !metric.needsSameWork
    return {
      ...{ name: metric.name, kind: metric.kind, reference: a, row: b },
      change: isComparable ? changeOf(a, b) : null,
      outcome: isComparable ? outcomeOf(metric, a, b) : 'none',
    }
  })
  const [then, now] = [reference.identity, row.identity]
  return {
    metrics: diffs.filter((diff) => diff.reference !== null || diff.row !== null),
    conditions: conditionsOf(reference, row),
    isSameKernel:
      reference.variant === row.variant && then.sourceHash === now.sourceHash && then.entryHash === now.entryHash,
    isSpreadUnknown: reference.repeats?.spread === undefined || row.repeats?.spread === undefined,
  }
}
