import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { AnalysedLine, AnalysisReport, Finding, LineCounts } from '#contract/analysis.ts'
import { coalescing, deviceBytes, flops, idleLanes, intensity, linesPerAccess } from '#contract/analysis-metrics.ts'
import { formatNs } from '#contract/quantity-text.ts'
import { formatShape } from '#contract/shape.ts'
import { formatBytes } from './output.ts'

const sourceWidth = 64

interface Column {
  heading: string
  /** '' where the line has none of it. */
  text(counts: LineCounts): string
}

const whole = (value: number) => (value === 0 ? '' : value.toLocaleString('en-US'))
const share = (value: number | null) => (value === null ? '' : `${(100 * value).toFixed(1)} %`)

const columns: readonly Column[] = [
  { heading: 'runs', text: ({ executions }) => whole(executions) },
  { heading: 'device read', text: ({ deviceReadBytes: n }) => (n ? formatBytes(n) : '') },
  { heading: 'written', text: ({ deviceWriteBytes: n }) => (n ? formatBytes(n) : '') },
  { heading: 'lines/access', text: (counts) => linesPerAccess(counts)?.toFixed(2) ?? '' },
  { heading: 'coalesced', text: (counts) => share(coalescing(counts)) },
  { heading: 'constant', text: ({ constantReadBytes: n }) => (n ? formatBytes(n) : '') },
  {
    heading: 'threadgroup',
    text: ({ threadgroupReadBytes: r, threadgroupWriteBytes: w }) => (r + w ? formatBytes(r + w) : ''),
  },
  { heading: 'bank cycles', text: ({ bankConflictCycles }) => whole(bankConflictCycles) },
  { heading: 'flops', text: (counts) => whole(flops(counts)) },
  { heading: 'simd ops', text: ({ simdgroupOps }) => whole(simdgroupOps) },
  { heading: 'atomics', text: ({ atomics }) => whole(atomics) },
  { heading: 'barriers', text: ({ barriers }) => whole(barriers) },
  { heading: 'diverged', text: ({ divergentBranches }) => whole(divergentBranches) },
  { heading: 'idle lanes', text: (counts) => (idleLanes(counts) ? share(idleLanes(counts)) : '') },
]

/** The text of lines, read once per file; '' where a file cannot be read. */
function sourceReader(root: string): (line: { file: string; line: number }) => string {
  const files = new Map<string, string[]>()
  return ({ file, line }) => {
    let lines = files.get(file)
    if (!lines) {
      try {
        lines = readFileSync(resolve(root, file), 'utf8').split(/\r?\n/)
      } catch {
        lines = []
      }
      files.set(file, lines)
    }
    const text = (lines[line - 1] ?? '').trim()
    return text.length > sourceWidth ? `${text.slice(0, sourceWidth - 1)}…` : text
  }
}

function lineTable(lines: readonly AnalysedLine[], sourceOf: ReturnType<typeof sourceReader>): string[] {
  const shown = columns.filter(({ text }) => lines.some((line) => text(line) !== ''))
  const rows = lines.map((line) => [String(line.line), ...shown.map(({ text }) => text(line))])
  const heading = ['line', ...shown.map((column) => column.heading)]
  const widths = heading.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const align = (row: string[]) => row.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  ')
  return [
    `  ${align(heading)}  source`,
    ...rows.map((row, i) => `  ${align(row)}  ${sourceOf(lines[i] as AnalysedLine)}`),
  ]
}

function lineTables(report: AnalysisReport, root: string): string[] {
  const { lines } = report.counters
  const files = [...new Set(lines.map(({ file }) => file))]
  const sourceOf = sourceReader(root)
  return files.flatMap((file) => [
    '',
    file,
    ...lineTable(
      lines.filter((line) => line.file === file),
      sourceOf,
    ),
  ])
}

function describeTotals({ counters, minimumBytes, checks }: AnalysisReport): string[] {
  if (!checks.includes('counters')) return []
  const { total } = counters
  const bytes = deviceBytes(total)
  const times =
    minimumBytes > 0
      ? `, ${(bytes / minimumBytes).toPrecision(3)} times the ${formatBytes(minimumBytes)} of its operands`
      : ''
  const perByte = intensity(total)
  const efficiency = coalescing(total)
  return [
    `  device memory: ${formatBytes(bytes)} asked for${times}${efficiency === null ? '' : `; ${share(efficiency)} coalesced`}`,
    `  arithmetic: ${flops(total).toLocaleString('en-US')} flops${perByte === null ? '' : `, ${perByte.toPrecision(3)} per byte`}`,
    ...(total.bankConflictCycles > 0 ? [`  bank conflicts: ${whole(total.bankConflictCycles)} extra cycles`] : []),
  ]
}

const at = (position: readonly number[]) => `(${position.join(', ')})`

function firstSeen({ thread, threadgroup, otherThread, otherThreadgroup = threadgroup }: Finding): string {
  if (otherThread === undefined) return `thread ${at(thread)} of threadgroup ${at(threadgroup)}`
  return at(otherThreadgroup) === at(threadgroup)
    ? `threads ${at(thread)} and ${at(otherThread)} of threadgroup ${at(threadgroup)}`
    : `thread ${at(thread)} of threadgroup ${at(threadgroup)} and thread ${at(otherThread)} of threadgroup ${at(otherThreadgroup)}`
}

function describeFinding(finding: Finding): string {
  const { file, line, kind, message, count, otherLine, otherFile, schedule } = finding
  const times = count === 1 ? 'once' : `${count.toLocaleString('en-US')} times`
  const other = otherLine === undefined ? '' : `; other side: ${otherFile ?? file}:${otherLine}`
  const shuffled = schedule === undefined ? '' : `; under schedule ${schedule}`
  return `${file}:${line}: ${kind}: ${message}\n    ${times}, first by ${firstSeen(finding)}${other}${shuffled}`
}

function headline({ variant, shape, device, findings, omitted, orderDependence }: AnalysisReport): string {
  const many = findings.length + omitted
  const verdict = many === 0 ? 'clean' : `${many} finding${many === 1 ? '' : 's'}`
  const order = orderDependence.length > 0 ? ', results depend on the order of execution' : ''
  return `${variant}  ${shape ? `${formatShape(shape)}  ` : ''}on ${device}: ${verdict}${order}`
}

/** An analysis for people: what was found, then the totals, then what every line did beside its text. */
export function describeAnalysis(report: AnalysisReport, root: string): string {
  const { findings, omitted, orderDependence, checks, schedules, data, seed, grid, gridIsThreads, threads } = report
  const extent = `${grid.join('×')} ${gridIsThreads ? 'threads in threadgroups' : 'threadgroups'} of ${threads.join('×')}`
  return [
    headline(report),
    ...(report.note === undefined ? [] : [`  ${report.note}`]),
    ...findings.map(describeFinding),
    ...(omitted > 0 ? [`${omitted} more findings are not listed`] : []),
    ...orderDependence.map(({ message }) => `order: ${message}`),
    `  checked: ${checks.join(', ')}; ${schedules} schedule${schedules === 1 ? '' : 's'}; data ${data}, seed ${seed}; ${extent}; ${formatNs(report.wallNs)}`,
    ...describeTotals(report),
    ...lineTables(report, root),
  ].join('\n')
}
