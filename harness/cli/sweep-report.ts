import type { SweepProgress } from '#contract/sweep.ts'
import type { SweepSummary } from '../sweep/summary.ts'
import { formatNs, table } from './output.ts'
import { sweepCsv } from './sweep-csv.ts'
import { bestSection, gapReasonSection, gapSection, matrixSection, rowSection, type Section } from './sweep-sections.ts'

/** What `klab sweep --format` takes. */
export const sweepFormats = ['table', 'markdown', 'csv', 'json'] as const
export type SweepFormat = (typeof sweepFormats)[number]

/** What of a sweep is reported: only the gaps, when nothing was run. */
export interface SweepReport {
  summary: SweepSummary
  /** Null when nothing was run. */
  progress: SweepProgress | null
  nowMs: number
}

function sectionsOf({ summary, progress, nowMs }: SweepReport, isComplete: boolean): Section[] {
  if (progress === null) return [gapSection(summary)]
  const failed = { title: 'Not right', nowMs, isListed: ({ state }: { state: string }) => state !== 'ok' }
  const every = { title: 'Every row', nowMs, isListed: () => true }
  return [
    matrixSection(summary),
    ...(isComplete ? [rowSection(summary, every)] : [rowSection(summary, failed)]),
    ...(isComplete ? [gapSection(summary)] : [gapReasonSection(summary)]),
    bestSection(summary, nowMs),
  ].filter(({ rows }) => rows.length > 0)
}

/** One line: what was run, shown from the store, left out, and how much of the time went into measuring. */
export function countsLine({ counts, elapsedNs, measuringNs }: SweepProgress): string {
  const { measured, cached, gaps, waiting } = counts
  const share =
    elapsedNs > 0 && measured > 0 ? `, ${Math.round((100 * measuringNs) / elapsedNs)} % of it measuring` : ''
  return [
    `${measured} run`,
    ...(cached > 0 ? [`${cached} cached`] : []),
    `${gaps} gaps`,
    ...(waiting > 0 ? [`${waiting} not run`] : []),
  ]
    .join(', ')
    .concat(` in ${formatNs(elapsedNs)}${share}`)
}

function asText(report: SweepReport): string {
  const { progress, summary } = report
  const sections = sectionsOf(report, false).map(({ title, heading, rows, notes }) =>
    [title, table(heading, rows), ...notes.map((note) => `  ${note}`)].join('\n'),
  )
  const gaps = summary.matrix.cells.filter(({ state }) => state === 'gap').length
  return [...sections, progress ? countsLine(progress) : `${gaps} gaps`].join('\n\n')
}

const markdownCell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const markdownLine = (cells: string[]) => `| ${cells.map(markdownCell).join(' | ')} |`

function asMarkdown(report: SweepReport): string {
  const sections = sectionsOf(report, true).map(({ title, heading, rows, notes }) =>
    [
      `## ${title}`,
      '',
      markdownLine(heading),
      markdownLine(heading.map(() => '---')),
      ...rows.map(markdownLine),
      ...(notes.length > 0 ? ['', ...notes.map((note) => `- ${markdownCell(note)}`)] : []),
    ].join('\n'),
  )
  return ['# Sweep', ...(report.progress ? [countsLine(report.progress)] : []), ...sections].join('\n\n')
}

/** A report as text of a format, without the last line's end. `document` is what json prints. */
export function renderSweep(report: SweepReport, format: SweepFormat, document: unknown): string {
  switch (format) {
    case 'table':
      return asText(report)
    case 'markdown':
      return asMarkdown(report)
    case 'csv':
      return sweepCsv(report.summary)
    case 'json':
      return JSON.stringify(document, null, 2)
  }
}
