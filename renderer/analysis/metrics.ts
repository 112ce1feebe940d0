import type { AnalysedLine, LineCounts } from '#contract/analysis.ts'
import { coalescing, deviceBytes, flops, idleLanes, linesPerAccess } from '#contract/analysis-metrics.ts'
import { significant } from '../format/digits.ts'
import { formatBytes, formatCount } from '../format/quantity.ts'
import type { MetricId } from '../state/analysis-slice.ts'

/** One counter as it is shown beside a line. */
export interface Metric {
  id: MetricId
  label: string
  hint: string
  /** Null where the line has none of it. */
  value(counts: LineCounts): number | null
  text(value: number): string
  /** The same in at most seven characters. */
  shortText(value: number): string
  /** How much it deserves attention, 0 to 1, beside the largest value of the kernel. */
  heat(value: number, largest: number): number
}

const some = (value: number) => (value > 0 ? value : null)
const percent = (share: number) => `${share >= 0.9995 ? '100' : (100 * share).toFixed(share < 0.1 ? 1 : 0)} %`
const ofLargest = (value: number, largest: number) => (largest > 0 ? Math.sqrt(value / largest) : 0)

/** A count in at most five characters: `950`, `12.3k`, `4.56M`. */
export function shortCount(count: number): string {
  const units = ['', 'k', 'M', 'G', 'T', 'P']
  const power = count < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3))
  const scaled = count / 1000 ** power
  const rounded = power === 0 ? String(Math.round(scaled)) : significant(scaled)
  return rounded === '1000' && power < units.length - 1 ? `1.00${units[power + 1]}` : `${rounded}${units[power]}`
}

const counted = { text: formatCount, shortText: shortCount, heat: ofLargest }

export const metrics: Record<MetricId, Metric> = {
  deviceBytes: {
    id: 'deviceBytes',
    label: 'Device bytes',
    hint: 'Bytes that lanes read from and wrote to device memory',
    value: (counts) => some(deviceBytes(counts)),
    text: formatBytes,
    shortText: (bytes) => formatBytes(bytes).replace('iB', ''),
    heat: ofLargest,
  },
  linesPerAccess: {
    id: 'linesPerAccess',
    label: '128-B lines per access',
    hint: 'Lines of device memory that a simdgroup touches at once: 1 is ideal for 4-byte elements, 32 the worst',
    value: linesPerAccess,
    text: (lines) => `${significant(lines)} lines`,
    shortText: (lines) => significant(lines),
    heat: (lines) => Math.min(1, Math.log2(Math.max(1, lines)) / 5),
  },
  coalescing: {
    id: 'coalescing',
    label: 'Coalescing',
    hint: 'As few 128-byte lines as would have done, as a share of those touched',
    value: coalescing,
    text: percent,
    shortText: percent,
    heat: (share) => 1 - share,
  },
  bankConflicts: {
    id: 'bankConflicts',
    label: 'Bank conflict cycles',
    hint: 'Extra cycles of threadgroup memory, with 32 banks of 4 bytes',
    value: ({ bankConflictCycles }) => some(bankConflictCycles),
    ...counted,
  },
  flops: {
    id: 'flops',
    label: 'Floating-point operations',
    hint: 'Of all types; a fused multiply-add is two',
    value: (counts) => some(flops(counts)),
    ...counted,
  },
  simdgroupOps: {
    id: 'simdgroupOps',
    label: 'Simdgroup operations',
    hint: 'Sums, shuffles, ballots and matrix operations of a simdgroup',
    value: ({ simdgroupOps }) => some(simdgroupOps),
    ...counted,
  },
  divergence: {
    id: 'divergence',
    label: 'Divergence',
    hint: 'Share of the lanes that sat out while others ran the line',
    value: (counts) => some(idleLanes(counts) ?? 0),
    text: (share) => `${percent(share)} of lanes idle`,
    shortText: percent,
    heat: (share) => share,
  },
  executions: {
    id: 'executions',
    label: 'Executions',
    hint: 'Times a simdgroup ran the line',
    value: ({ executions }) => some(executions),
    ...counted,
  },
}

/** A line with the value of a metric, and how hot it is beside the others. */
export interface HeatedLine {
  line: AnalysedLine
  value: number
  heat: number
}

/** The lines that a metric has something to say about, in the order given. */
export function heatLines(lines: readonly AnalysedLine[], metric: Metric): HeatedLine[] {
  const valued = lines.flatMap((line) => {
    const value = metric.value(line)
    return value === null ? [] : [{ line, value }]
  })
  const largest = Math.max(0, ...valued.map(({ value }) => value))
  return valued.map(({ line, value }) => ({ line, value, heat: metric.heat(value, largest) }))
}
