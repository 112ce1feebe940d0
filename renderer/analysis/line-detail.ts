import type { AnalysedLine, LineCounts } from '#contract/analysis.ts'
import { coalescing, idleLanes, linesPerAccess } from '#contract/analysis-metrics.ts'
import { significant } from '../format/digits.ts'
import { formatBytes, formatCount, formatPercent } from '../format/quantity.ts'

/** One fact about a line: what, and how much. */
export interface Fact {
  name: string
  value: string
}

const part = (value: number, text: string) => (value > 0 ? [text] : [])

function deviceFacts(counts: LineCounts): Fact[] {
  const { deviceReadBytes, deviceWriteBytes, deviceAccesses } = counts
  if (deviceAccesses + deviceReadBytes + deviceWriteBytes === 0) return []
  const moved = [
    ...part(deviceReadBytes, `${formatBytes(deviceReadBytes)} read`),
    ...part(deviceWriteBytes, `${formatBytes(deviceWriteBytes)} written`),
  ].join(', ')
  const lines = linesPerAccess(counts)
  const share = coalescing(counts)
  return [
    { name: 'Device memory', value: moved },
    ...(lines === null
      ? []
      : [
          {
            name: '128-byte lines',
            value: `${significant(lines)} per access, ${formatCount(deviceAccesses)} accesses of a simdgroup`,
          },
        ]),
    ...(share === null ? [] : [{ name: 'Coalescing', value: formatPercent(share) }]),
  ]
}

function threadgroupFacts(counts: LineCounts): Fact[] {
  const { threadgroupReadBytes, threadgroupWriteBytes, threadgroupAccesses, bankConflictCycles } = counts
  const moved = [
    ...part(threadgroupReadBytes, `${formatBytes(threadgroupReadBytes)} read`),
    ...part(threadgroupWriteBytes, `${formatBytes(threadgroupWriteBytes)} written`),
  ].join(', ')
  if (moved === '') return []
  const conflicts =
    bankConflictCycles > 0
      ? `${formatCount(bankConflictCycles)} extra cycles in ${formatCount(threadgroupAccesses)} accesses`
      : 'none'
  return [
    { name: 'Threadgroup memory', value: moved },
    { name: 'Bank conflicts', value: conflicts },
  ]
}

function arithmeticFacts(counts: LineCounts): Fact[] {
  const { flopsF16, flopsBf16, flopsF32, flopsF64, specialOps, intOps, simdgroupOps, simdgroupOpKinds } = counts
  const flops = [
    ...part(flopsF16, `${formatCount(flopsF16)} half`),
    ...part(flopsBf16, `${formatCount(flopsBf16)} bfloat`),
    ...part(flopsF32, `${formatCount(flopsF32)} float`),
    ...part(flopsF64, `${formatCount(flopsF64)} double`),
  ].join(', ')
  const kinds = Object.entries(simdgroupOpKinds)
    .map(([kind, count]) => `${kind} ${formatCount(count)}`)
    .join(', ')
  return [
    ...part(flops.length, flops).map((value) => ({ name: 'Floating-point operations', value })),
    ...part(specialOps, formatCount(specialOps)).map((value) => ({ name: 'Special functions', value })),
    ...part(intOps, formatCount(intOps)).map((value) => ({ name: 'Integer operations', value })),
    ...part(simdgroupOps, kinds || formatCount(simdgroupOps)).map((value) => ({ name: 'Simdgroup operations', value })),
  ]
}

function flowFacts(counts: LineCounts): Fact[] {
  const { executions, atomics, barriers, branches, divergentBranches } = counts
  const idle = idleLanes(counts)
  return [
    ...part(executions, `${formatCount(executions)} by a simdgroup`).map((value) => ({ name: 'Executions', value })),
    ...(idle === null ? [] : [{ name: 'Lanes idle', value: idle === 0 ? 'none' : formatPercent(idle) }]),
    ...part(branches, `${formatCount(divergentBranches)} of ${formatCount(branches)}`).map((value) => ({
      name: 'Divergent branches',
      value,
    })),
    ...part(atomics, formatCount(atomics)).map((value) => ({ name: 'Atomics', value })),
    ...part(barriers, formatCount(barriers)).map((value) => ({ name: 'Barriers', value })),
  ]
}

/** Everything that is known about a line, or about a whole kernel; what there was none of is left out. */
export function lineFacts(counts: LineCounts): Fact[] {
  const { constantReadBytes } = counts
  return [
    ...deviceFacts(counts),
    ...part(constantReadBytes, `${formatBytes(constantReadBytes)} read`).map((value) => ({
      name: 'Constant memory',
      value,
    })),
    ...threadgroupFacts(counts),
    ...arithmeticFacts(counts),
    ...flowFacts(counts),
  ]
}

/** The same as a Markdown table, for the editor's hover. */
export function lineMarkdown(line: AnalysedLine, kernel: string, isStale: boolean): string {
  const rows = lineFacts(line).map(({ name, value }) => `| ${name} | ${value} |`)
  const note = isStale ? '\n\n*Counted before the text was changed.*' : ''
  return `**Line ${line.line}** · ${kernel}${note}\n\n| | |\n|:--|:--|\n${rows.join('\n')}`
}
