import { markdownNotes, markdownTable } from './markdown.ts'
import { formatNs } from './quantity-text.ts'
import type { SweepProgress } from './sweep.ts'
import { bestSection, gapReasonSection, gapSection, matrixSection, rowSection, type Section } from './sweep-sections.ts'
import type { SweepReport } from './sweep-summary.ts'

/** The tables of a report, those without lines left out. `isComplete`: with every row and every gap. */
export function sectionsOf({ summary, progress, nowMs }: SweepReport, isComplete: boolean): Section[] {
  const isOnlyGaps = summary.matrix.cells.every(({ state }) => state === 'gap')
  if (progress === null && isOnlyGaps) return [gapSection(summary)]
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

/** A report as Markdown, every row and every gap in it, without the last line's end. */
export function sweepMarkdown(report: SweepReport): string {
  const sections = sectionsOf(report, true).map(({ title, heading, rows, notes }) =>
    [
      `## ${title}`,
      '',
      ...markdownTable(heading, rows),
      ...(notes.length > 0 ? ['', ...markdownNotes(notes)] : []),
    ].join('\n'),
  )
  return ['# Sweep', ...(report.progress ? [countsLine(report.progress)] : []), ...sections].join('\n\n')
}
