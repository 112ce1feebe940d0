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
}

const rank = { error: 0, warning: 1, info: 2 } as const

/** What the compiler says about the open documents, and the linter about the manifests: worst first, then by place. */
export function problemRows(
  open: readonly OpenDocument[],
  diagnostics: Readonly<Record<string, readonly Diagnostic[]>>,
  problems: readonly Problem[],
): ProblemRow[] {
  const compiled = open.flatMap((document) => (diagnostics[document.id] ?? []).map(fromDiagnostic))
  const unique = new Map([...compiled, ...problems.map(fromProblem)].map((row) => [row.key, row]))
  return [...unique.values()].sort(
    (a, b) =>
      rank[a.severity] - rank[b.severity] || a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
  )
}

/** What was found by compiling one document, its headers included, before everything else. */
export function foundFirst(rows: readonly ProblemRow[], diagnostics: readonly Diagnostic[] = []): ProblemRow[] {
  const found = new Set(diagnostics.map((diagnostic) => fromDiagnostic(diagnostic).key))
  return [...rows.filter((row) => found.has(row.key)), ...rows.filter((row) => !found.has(row.key))]
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
