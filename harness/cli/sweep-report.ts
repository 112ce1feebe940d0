import { sweepCsv } from '#contract/sweep-csv.ts'
import { countsLine, sectionsOf, sweepMarkdown } from '#contract/sweep-markdown.ts'
import type { SweepReport } from '#contract/sweep-summary.ts'
import { table } from './output.ts'

/** What `klab sweep --format` takes. */
export const sweepFormats = ['table', 'markdown', 'csv', 'json'] as const
export type SweepFormat = (typeof sweepFormats)[number]

function asText(report: SweepReport): string {
  const { progress, summary } = report
  const sections = sectionsOf(report, false).map(({ title, heading, rows, notes }) =>
    [title, table(heading, rows), ...notes.map((note) => `  ${note}`)].join('\n'),
  )
  const gaps = summary.matrix.cells.filter(({ state }) => state === 'gap').length
  return [...sections, progress ? countsLine(progress) : `${gaps} gaps`].join('\n\n')
}

/** A report as text of a format, without the last line's end. `document` is what json prints. */
export function renderSweep(report: SweepReport, format: SweepFormat, document: unknown): string {
  switch (format) {
    case 'table':
      return asText(report)
    case 'markdown':
      return sweepMarkdown(report)
    case 'csv':
      return sweepCsv(report.summary)
    case 'json':
      return JSON.stringify(document, null, 2)
  }
}
