import { sweepCsv } from '#contract/sweep-csv.ts'
import { sweepDocument } from '#contract/sweep-document.ts'
import { sweepMarkdown } from '#contract/sweep-markdown.ts'
import type { SweepReport } from '#contract/sweep-summary.ts'

export type ExportFormat = 'markdown' | 'csv' | 'json'

/** A sweep as a text to keep: every pair, gaps with their reasons among them; what the command line writes, too. */
export function exportText(format: ExportFormat, report: SweepReport): string {
  switch (format) {
    case 'markdown':
      return `${sweepMarkdown(report)}\n`
    case 'csv':
      return `${sweepCsv(report.summary)}\n`
    case 'json':
      return `${JSON.stringify(sweepDocument(report), null, 2)}\n`
  }
}
