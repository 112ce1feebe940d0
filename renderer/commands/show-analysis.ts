import type { Finding } from '#contract/analysis.ts'
import { lineMarkdown } from '../analysis/line-detail.ts'
import { heatLines, metrics } from '../analysis/metrics.ts'
import { editorPort, type FindingMarker, type LineNote } from '../editor/editor-port.ts'
import type { AnalysisView } from '../state/analysis-slice.ts'
import { type State, useLab } from '../state/store.ts'
import { documentIdOf } from './go-to-location.ts'
import { shownAnalysis } from './shown-analysis.ts'

/** What stands beside the lines of a document: the chosen counter, with all others to be seen on hovering. */
function notesOf(view: AnalysisView, documentId: string, { metric }: State): LineNote[] {
  const { report, isStale } = view
  const { shortText, text, label } = metrics[metric]
  const own = report.counters.lines.filter(({ file }) => documentIdOf(file) === documentId)
  const heated = new Map(heatLines(report.counters.lines, metrics[metric]).map((one) => [one.line, one]))
  return own.map((line) => {
    const one = heated.get(line)
    return {
      line: line.line,
      text: one ? shortText(one.value) : '',
      title: one ? `${label}: ${text(one.value)}` : '',
      heat: one?.heat ?? 0,
      detail: lineMarkdown(line, report.variant, isStale),
    }
  })
}

function markerOf(finding: Finding): FindingMarker {
  const { line, kind, message, count, otherLine, otherFile, file } = finding
  const related =
    otherLine === undefined ? undefined : { documentId: documentIdOf(otherFile ?? file) ?? '', line: otherLine }
  const times = count === 1 ? 'once' : `${count.toLocaleString('en-US')} times`
  return { line, kind, message: `${message} (${times})`, related }
}

/** Findings of one document, of every analysis that still holds: each once, however many kernels share the line. */
function markersOf(documentId: string, { analyses }: State): FindingMarker[] {
  const findings = Object.values(analyses)
    .filter(({ isStale }) => !isStale)
    .flatMap(({ report }) => report.findings)
    .filter(({ file }) => documentIdOf(file) === documentId)
    .map(markerOf)
  return [...new Map(findings.map((marker) => [JSON.stringify(marker), marker])).values()]
}

/** Puts what is known into the editor's margin and under the code. */
export function showAnalyses(): void {
  const state = useLab.getState()
  const view = shownAnalysis(state)
  for (const { id, isDirty } of state.open) {
    // The lab never saw this text: its lines may be others.
    const isUnseen = view?.texts[id] === null && isDirty
    const lines = view && state.isGutterShown && !isUnseen ? notesOf(view, id, state) : []
    editorPort().showLineNotes(id, lines, view?.isStale ?? false)
    editorPort().showFindings(id, markersOf(id, state))
  }
}

/** Keeps the editor in step with the state. */
export function followAnalyses(): void {
  let last: unknown[] = []
  useLab.subscribe((state) => {
    const now = [
      shownAnalysis(state),
      state.analyses,
      state.metric,
      state.isGutterShown,
      state.workspace,
      ...state.open.map(({ id }) => id),
    ]
    if (now.length === last.length && now.every((part, i) => part === last[i])) return
    last = now
    showAnalyses()
  })
}
