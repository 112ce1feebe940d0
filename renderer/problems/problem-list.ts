import type { Finding } from '#contract/analysis.ts'
import type { Diagnostic } from '#contract/diagnostic.ts'
import type { Problem } from '#contract/manifest.ts'
import { problemText } from '../format/problem-text.ts'
import type { OpenDocument } from '../state/documents-slice.ts'

export interface ProblemRow {
  key: string
  severity: 'error' | 'warning' | 'info'
  message: string
  source: string
  file: string
  line: number
  column: number
  documentId?: string
  /** Where the other side of it is. */
  related?: { file: string; line: number }
  /** Found in an older text. */
  isStale?: boolean
}

/** An analysis, as far as this list is concerned. */
interface Analysed {
  report: { findings: readonly Finding[]; orderDependence: readonly { message: string }[]; files: readonly string[] }
  isStale: boolean
}

export interface ProblemSources {
  open: readonly OpenDocument[]
  diagnostics: Readonly<Record<string, readonly Diagnostic[]>>
  problems: readonly Problem[]
  analyses: readonly Analysed[]
}

const rank = { error: 0, warning: 1, info: 2 } as const

/**
 * What the compiler says about the open documents, the linter about the manifests and analyses about kernels: worst first,
 * what was found in an older text last, then by place.
 */
export function problemRows({ open, diagnostics, problems, analyses }: ProblemSources): ProblemRow[] {
  const compiled = open.flatMap((document) => (diagnostics[document.id] ?? []).map(fromDiagnostic))
  const found = analyses.flatMap(fromAnalysis)
  const unique = new Map([...found, ...compiled, ...problems.map(fromProblem)].map((row) => [row.key, row]))
  return [...unique.values()].sort(
    (a, b) =>
      Number(a.isStale ?? false) - Number(b.isStale ?? false) ||
      rank[a.severity] - rank[b.severity] ||
      a.file.localeCompare(b.file) ||
      a.line - b.line ||
      a.column - b.column,
  )
}

/** What was found by compiling one document, its headers included, and what is said about its own lines, before the rest. */
export function foundFirst(
  rows: readonly ProblemRow[],
  document: { path: string; diagnostics?: readonly Diagnostic[] | undefined } | null,
): ProblemRow[] {
  const found = new Set(document?.diagnostics?.map((diagnostic) => fromDiagnostic(diagnostic).key))
  const isFirst = ({ key, file }: ProblemRow) => found.has(key) || file === document?.path
  return [...rows.filter(isFirst), ...rows.filter((row) => !isFirst(row))]
}

function fromDiagnostic({ file, line, column, severity, message }: Diagnostic): ProblemRow {
  const shown = severity === 'note' ? 'info' : severity
  return { key: `${file}:${line}:${column}:${message}`, severity: shown, message, source: 'metal', file, line, column }
}

function fromProblem(problem: Problem): ProblemRow {
  const { rule, severity, path, documentId, line = 1, column = 1 } = problem
  const key = `${rule}:${path}:${problem.message}`
  return { key, severity, message: problemText(problem), source: rule, file: path, line, column, documentId }
}

function fromAnalysis({ report, isStale }: Analysed): ProblemRow[] {
  const file = report.files[0] ?? ''
  const order = report.orderDependence.map(({ message }) => ({
    key: `analysis:${file}:${message}`,
    severity: 'warning' as const,
    message,
    source: 'order-dependence',
    file,
    line: 1,
    column: 1,
    isStale,
  }))
  return [...report.findings.map((finding) => fromFinding(finding, isStale)), ...order]
}

function fromFinding(finding: Finding, isStale: boolean): ProblemRow {
  const { kind, file, line, otherLine, otherFile, message } = finding
  return {
    key: `analysis:${kind}:${file}:${line}:${otherLine}:${message}`,
    severity: 'error',
    message,
    source: kind,
    file,
    line,
    column: 1,
    isStale,
    ...(otherLine === undefined ? {} : { related: { file: otherFile ?? file, line: otherLine } }),
  }
}
