import { barsText, layOutBars } from './bar-chart.ts'
import { type Comparison, compareRows, type Figure, type MetricDiff, type MetricKind } from './compare.ts'
import { csvText, type Scalar, scalarsOf } from './csv.ts'
import { markdownNotes, markdownTable } from './markdown.ts'
import { formatNs } from './quantity-text.ts'
import { layoutText, neighboursText, type Row, repeatsText } from './row.ts'
import { type BarGroup, barText, comparisonBars, rowBars } from './row-bars.ts'
import { rowDocument } from './row-document.ts'
import { formatShape } from './shape.ts'
import { svgText } from './svg-text.ts'

export const rowExportFormats = ['markdown', 'csv', 'json', 'svg'] as const
export type RowExportFormat = (typeof rowExportFormats)[number]

/** A row, and the one it is held against where it is. */
export interface ExportedRow {
  row: Row
  reference?: Row | undefined
}

const chartWidth = 560
const leading = [
  'role',
  'id',
  'variant',
  'shape',
  'status',
  'reason',
  'startedAt',
  'ratio.value',
  'ratio.low',
  'ratio.high',
]

/** A figure as people read it, the ends of its interval behind it. */
export function figureText({ value, low, high }: Figure, kind: MetricKind): string {
  const one = {
    ns: formatNs,
    ratio: (number: number) => number.toFixed(3),
    share: (number: number) => `${(number * 100).toPrecision(3)} %`,
    error: (number: number) => (number === 0 ? '0' : number.toPrecision(3)),
  }[kind]
  if (low === undefined || high === undefined || (low === value && high === value)) return one(value)
  return `${one(value)} [${one(low)}, ${one(high)}]`
}

/** How a figure of the row stands to the reference's: `×0.912 [0.905, 0.921]`; – where it cannot be said. */
export function changeText({ change }: Pick<MetricDiff, 'change'>): string {
  return change ? `×${figureText(change, 'ratio')}` : '–'
}

export const outcomeText = { better: 'better', worse: 'worse', equal: 'equal', '?': '?', none: '–' } as const

/** What must be known of a comparison before its figures are believed. */
export function comparisonNotes({ conditions, isSameKernel, isSpreadUnknown }: Comparison): string[] {
  const differing = conditions.map(({ name, reference, row }) => `${name} (${reference} → ${row})`)
  return [
    ...(differing.length > 0 ? [`Not only the kernel may differ: ${differing.join('; ')}.`] : []),
    ...(isSameKernel ? ['The same kernel in both: what differs is the measurement.'] : []),
    isSpreadUnknown
      ? 'How far repeats of one measurement lie apart is not known for both: intervals are those within each measurement.'
      : 'Intervals are as wide as repeats of one measurement lie apart.',
    '“?”: the difference is not larger than both intervals, or one of them is not known.',
  ]
}

function barLines(groups: readonly BarGroup[]): string[] {
  const rows = groups.flatMap(({ title, bars }) => bars.map((bar) => [title, bar.name, barText(bar)]))
  return rows.length > 0 ? ['', ...markdownTable(['clock', 'bar', 'time [95 % interval]'], rows)] : []
}

const titleOf = ({ row, reference }: ExportedRow) =>
  reference ? `${row.variant} against ${reference.variant}` : row.variant

function rowNotes(row: Row): string[] {
  const { identity, verdict, verdictReason, reason, layout } = row
  const repeats = repeatsText(row)
  const neighbours = neighboursText(row)
  return [
    ...(verdict ? [`${verdict}: ${verdictReason ?? ''}`] : []),
    ...(reason ? [reason] : []),
    ...(layout ? [layoutText(layout)] : []),
    ...(repeats ? [`Repeats: ${repeats}`] : []),
    ...(neighbours ? [`Neighbours: ${neighbours}`] : []),
    `${identity.device}, ${identity.tier}, ${identity.compiler}, ${identity.mode}, ${identity.cache} cache, data ${identity.data}, seed ${identity.seed}`,
    `source ${identity.sourceHash || 'not known'}, measured ${row.startedAt}`,
  ]
}

function about(row: Row, name: string): string[] {
  return [
    '',
    `## ${name}`,
    '',
    `${row.variant}, ${formatShape(row.shape)}, ${row.status}`,
    '',
    ...markdownNotes(rowNotes(row)),
  ]
}

function markdown(exported: ExportedRow): string {
  const { row, reference } = exported
  if (!reference) {
    return [
      `# ${titleOf(exported)}`,
      '',
      `${formatShape(row.shape)}, ${row.status}`,
      ...barLines(rowBars(row)),
      '',
      ...markdownNotes(rowNotes(row)),
    ].join('\n')
  }
  const comparison = compareRows(reference, row)
  const lines = comparison.metrics.map((metric) => [
    metric.name,
    metric.reference ? figureText(metric.reference, metric.kind) : '–',
    metric.row ? figureText(metric.row, metric.kind) : '–',
    changeText(metric),
    outcomeText[metric.outcome],
  ])
  return [
    `# ${titleOf(exported)}`,
    '',
    ...markdownTable(['metric', 'reference', 'this', 'this ÷ reference', 'this is'], lines),
    '',
    ...markdownNotes(comparisonNotes(comparison)),
    ...about(reference, 'Reference'),
    ...about(row, 'This'),
  ].join('\n')
}

function record(row: Row, role: string | null): Map<string, Scalar> {
  const into = new Map<string, Scalar>()
  const { shape, ...rest } = rowDocument(row)
  scalarsOf({ ...rest, size: shape }, '', into)
  into.set('shape', formatShape(shape))
  if (role !== null) into.set('role', role)
  return into
}

function csv({ row, reference }: ExportedRow): string {
  const records = reference ? [record(reference, 'reference'), record(row, 'this')] : [record(row, null)]
  return csvText(records, leading)
}

function json({ row, reference }: ExportedRow): string {
  const document = reference
    ? { reference: rowDocument(reference), row: rowDocument(row), comparison: compareRows(reference, row) }
    : { row: rowDocument(row) }
  return JSON.stringify(document, null, 2)
}

function svg(exported: ExportedRow): string {
  const { row, reference } = exported
  const groups = reference ? comparisonBars(reference, row) : rowBars(row)
  const title = `${titleOf(exported)} · ${formatShape(row.shape)}`
  return svgText(layOutBars(groups, chartWidth), { title, description: barsText(groups) })
}

/**
 * A row, or two held against each other, as the text of a file. Markdown and JSON say everything, CSV is a line a row with
 * every figure in a column of its own, SVG draws the bars (of a row without times their title alone).
 */
export function rowExport(format: RowExportFormat, exported: ExportedRow): string {
  const text = { markdown, csv, json, svg }[format](exported)
  return text.endsWith('\n') ? text : `${text}\n`
}
