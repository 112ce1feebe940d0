import { isAbsolute, relative, sep } from 'node:path'
import type { AnalysisReport } from '#contract/analysis.ts'
import type { CompileReport } from '#contract/diagnostic.ts'
import type { LabError } from '#contract/error.ts'
import type { Row } from '#contract/row.ts'

/** A path as shells show it: relative to the workspace with `/` when it lies inside, else as it is. */
export function displayPath(root: string, file: string): string {
  const inside = relative(root, file)
  return isAbsolute(file) && !inside.startsWith('..') && !isAbsolute(inside) ? inside.split(sep).join('/') : file
}

/** A report whose files are as shells show them. */
export function displayReport(root: string, report: CompileReport): CompileReport {
  const shown = <T extends { file: string }>(one: T): T => ({ ...one, file: displayPath(root, one.file) })
  return { ...report, diagnostics: report.diagnostics.map(shown), entries: report.entries.map(shown) }
}

/** A row whose location and reason name files as shells show them. */
export function displayRow(root: string, row: Row): Row {
  const shown = row.reason === undefined ? row : { ...row, reason: row.reason.replaceAll(`${root}${sep}`, '') }
  const { location } = shown
  return location ? { ...shown, location: { ...location, file: displayPath(root, location.file) } } : shown
}

/** What ended a host, with its file and its sentence as shells show them. */
export function displayError(root: string, error: LabError): LabError {
  const shown = { ...error, message: error.message.replaceAll(`${root}${sep}`, '') }
  if (shown.kind !== 'device-lost' || shown.file === undefined) return shown
  return { ...shown, file: displayPath(root, shown.file) }
}

/** An analysis whose files are as shells show them. */
export function displayAnalysis(root: string, report: AnalysisReport): AnalysisReport {
  const shown = <T extends { file: string }>(one: T): T => ({ ...one, file: displayPath(root, one.file) })
  const findings = report.findings.map((finding) => ({
    ...shown(finding),
    ...(finding.otherFile === undefined ? {} : { otherFile: displayPath(root, finding.otherFile) }),
    message: finding.message.replaceAll(`${root}${sep}`, ''),
  }))
  return {
    ...report,
    findings,
    variant: report.variant.replace(`${root}${sep}`, ''),
    counters: { ...report.counters, lines: report.counters.lines.map(shown) },
    files: report.files.map((file) => displayPath(root, file)),
  }
}
