import { layoutText, type Row } from '#contract/row.ts'
import { formatShape } from '#contract/shape.ts'
import { outcomeOf, type SweepCell, type SweepMatrix, shapeOfCell } from '#contract/sweep.ts'
import { formatInterval } from '../format/digits.ts'
import { formatPercent, formatTime } from '../format/quantity.ts'
import { shapeText } from '../format/shape-text.ts'
import { cellAt } from '../state/sweep-slice.ts'
import { bestPerShape, gapGroups } from './best-per-shape.ts'
import { cellLook } from './cell-text.ts'

export type ExportFormat = 'markdown' | 'csv' | 'json'

export interface SweepExport {
  matrix: SweepMatrix
  /** Of the cells, by id, as far as they are still kept. */
  rows: Readonly<Record<string, Row>>
}

/** One pair with every metric that is known of it. Times in ns; null: not measured. */
function recordOf(cell: SweepCell, { matrix, rows }: SweepExport) {
  const listed = matrix.shapes[cell.shape]
  const row = cell.rowId ? rows[cell.rowId] : undefined
  const { kernel, baseline } = row ?? {}
  return {
    variant: matrix.variants[cell.variant]?.id ?? '',
    shape: formatShape(shapeOfCell(matrix, cell)),
    role: listed?.role ?? listed?.op ?? '',
    state: outcomeOf(cell).state,
    reason: outcomeOf(cell).reason ?? null,
    layoutB: cell.layout?.b ?? null,
    claim: cell.claim ?? null,
    isCached: cell.isCached,
    measuredAt: cell.measuredAt ?? null,
    verdict: cell.verdict ?? null,
    ratio: cell.ratio?.value ?? null,
    ratioLow: cell.ratio?.low ?? null,
    ratioHigh: cell.ratio?.high ?? null,
    againState: cell.again?.state ?? null,
    againVerdict: cell.again?.verdict ?? null,
    againRatio: cell.again?.ratio?.value ?? null,
    againRatioLow: cell.again?.ratio?.low ?? null,
    againRatioHigh: cell.again?.ratio?.high ?? null,
    againKernelNs: cell.again?.kernelNs ?? null,
    againBaselineNs: cell.again?.baselineNs ?? null,
    kernelNs: cell.kernelNs ?? null,
    kernelLowNs: kernel?.lowNs ?? null,
    kernelHighNs: kernel?.highNs ?? null,
    kernelSamples: kernel?.samples.length ?? null,
    kernelEncodeNs: kernel?.encodeNs ?? null,
    kernelCommitNs: kernel?.commitNs ?? null,
    kernelWaitNs: kernel?.waitNs ?? null,
    kernelOverheadNsPerDispatch: kernel?.overheadNsPerDispatch?.value ?? null,
    kernelRoofFraction: kernel?.roofFraction ?? null,
    baseline: baseline?.name ?? null,
    baselineNs: cell.baselineNs ?? null,
    baselineLowNs: baseline?.lowNs ?? null,
    baselineHighNs: baseline?.highNs ?? null,
    baselineOverheadNsPerDispatch: baseline?.overheadNsPerDispatch?.value ?? null,
    baselineRoofFraction: baseline?.roofFraction ?? null,
    roofBoundBy: row?.roof?.boundBy ?? null,
    roofLeastNs: row?.roof?.leastNs ?? null,
    errorMaxAbs: row?.error?.maxAbs ?? null,
    errorMaxRel: row?.error?.maxRel ?? null,
    errorMaxUlp: row?.error?.maxUlp ?? null,
    errorOfBound: row?.error?.bound ?? null,
    stop: row?.stop ?? null,
    device: row?.device ?? null,
    tier: row?.identity.tier ?? null,
    mode: row?.identity.mode ?? null,
    cache: row?.identity.cache ?? null,
    data: row?.identity.data ?? null,
    seed: row?.identity.seed ?? null,
    sourceHash: row?.identity.sourceHash ?? null,
    rowId: cell.rowId ?? null,
  }
}

/** A sweep as a text to keep: every pair, gaps with their reasons among them. */
export function exportText(format: ExportFormat, what: SweepExport): string {
  if (format === 'markdown') return markdownOf(what.matrix)
  const records = what.matrix.cells.map((cell) => recordOf(cell, what))
  if (format === 'json') {
    const { variants, shapes } = what.matrix
    return `${JSON.stringify({ variants, shapes, pairs: records }, null, 2)}\n`
  }
  const names = Object.keys(recordOf(what.matrix.cells[0] ?? noCell, what)) as (keyof (typeof records)[number])[]
  const lines = records.map((record) => names.map((name) => csvField(record[name])).join(','))
  return `${[names.join(','), ...lines].join('\r\n')}\r\n`
}

const noCell: SweepCell = { variant: 0, shape: 0, state: 'gap', isCached: false }

/** RFC 4180; a text that a spreadsheet would take for a formula begins with an apostrophe. */
function csvField(value: string | number | boolean | null): string {
  if (value === null) return ''
  const text = typeof value === 'string' && /^[=+\-@]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function markdownOf(matrix: SweepMatrix): string {
  const shapes = matrix.shapes.map(({ shape, hasDtype }) => shapeText(shape, { hasDtype: hasDtype ?? false }))
  const best = bestPerShape(matrix).map(({ best: winner, listed, dtype, timeShare, ran, gaps }) => [
    shapeText({ ...listed.shape, dtype }),
    listed.role ?? listed.op,
    timeShare === null ? '' : formatPercent(timeShare),
    winner ? (matrix.variants[winner.cell.variant]?.id ?? '') : '',
    winner?.figures.ratio ? intervalText(winner.figures.ratio) : '',
    winner?.cell.again && winner.cell.ratio ? intervalText(winner.cell.ratio) : '',
    winner?.verdict ?? '',
    winner?.figures.kernelNs === undefined ? '' : formatTime(winner.figures.kernelNs),
    winner?.figures.baselineNs === undefined ? '' : formatTime(winner.figures.baselineNs),
    winner ? winner.tied.map(({ variant }) => matrix.variants[variant]?.id ?? '').join(' ') : '',
    winner?.cell.layout ? layoutText(winner.cell.layout) : '',
    winner?.ownLayout ? (matrix.variants[winner.ownLayout.cell.variant]?.id ?? '') : '',
    `${ran}`,
    `${gaps}`,
  ])
  const lines = matrix.variants.map(({ id, dtype }, variant) => [
    id,
    dtype,
    ...matrix.shapes.map((_, shape) => markdownCell(cellAt(matrix, { variant, shape }))),
  ])
  const gaps = gapGroups(matrix).map(({ reason, pairs, variants, shapes: of }) => [
    reason,
    `${pairs}`,
    `${variants.length}`,
    `${of.length}`,
  ])
  return [
    '## Best kernel for each shape',
    '',
    table(
      [
        ...['Shape', 'Role', 'Of time', 'Kernel', 'Kernel ÷ baseline, 95 %', 'First time', 'Verdict'],
        ...['Kernel', 'Baseline', 'No slower', 'Layout', 'Fastest in the own layout', 'Ran', 'Gaps'],
      ],
      best,
    ),
    '',
    'The least ratio of several is too low as a rule, so the fastest of a shape, three at most, were measured again: the figures are those of the second time. What was not measured again has no verdict, when it was chosen from several.',
    '',
    '## Every pair',
    '',
    'Kernel ÷ baseline: ▲ faster, ▼ slower, = the same, ≈ not decided; · is a gap, a * was measured before this sweep, a † had B handed over in another layout than the shape says.',
    '',
    table(['Variant', 'Type', ...shapes], lines),
    '',
    '## Gaps',
    '',
    table(['Reason', 'Pairs', 'Variants', 'Shapes'], gaps),
    '',
  ].join('\n')
}

function markdownCell(cell: SweepCell | undefined): string {
  if (!cell || cell.state === 'gap') return '·'
  const { sign, text } = cellLook(cell)
  return `${`${sign} ${text || cell.state}`.trim()}${cell.isCached ? ' *' : ''}${cell.layout && cell.rowId ? ' †' : ''}`
}

function intervalText(ratio: NonNullable<SweepCell['ratio']>): string {
  const { value, low, high } = formatInterval(ratio)
  return `${value} (${low} to ${high})`
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...lines.map(line)].join('\n')
}
