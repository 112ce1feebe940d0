import type { AnalysisCheck, AnalysisReport } from '#contract/analysis.ts'
import type { SliceCreator } from './store.ts'

/** What is shown for each line beside the code. */
export const metricIds = [
  'deviceBytes',
  'linesPerAccess',
  'coalescing',
  'bankConflicts',
  'flops',
  'simdgroupOps',
  'divergence',
  'executions',
] as const
export type MetricId = (typeof metricIds)[number]

/**
 * What was analysed, by document, as far as the window knows: the editor's text, or null for what was on disk then, which
 * may be gone. Documents that were neither open nor changed since are missing.
 */
export type AnalysedTexts = Readonly<Record<string, string | null>>

/** The last analysis of one kernel. */
export interface AnalysisView {
  /** Of the kernel: see targetKey. */
  key: string
  report: AnalysisReport
  texts: AnalysedTexts
  /** The kernel's text is no longer what was analysed. */
  isStale: boolean
}

export interface AnalysisSlice {
  /** By kernel. */
  analyses: Record<string, AnalysisView>
  /** Analyses under way, by run: whose they will be, and of which texts. */
  pendingAnalyses: Record<string, Pick<AnalysisView, 'key' | 'texts'>>
  metric: MetricId
  isGutterShown: boolean
  checks: Record<AnalysisCheck, boolean>
  /** As typed. */
  schedules: string
  expectAnalysis(runId: string, pending: Pick<AnalysisView, 'key' | 'texts'>): void
  adoptAnalysis(runId: string, report: AnalysisReport | null): void
  /** A document changed on disk while no editor showed it. */
  forgetText(documentId: string): void
  markStale(staleness: Readonly<Record<string, boolean>>): void
  setAnalysisOption(patch: Partial<Pick<AnalysisSlice, 'metric' | 'isGutterShown' | 'checks' | 'schedules'>>): void
}

export const createAnalysisSlice: SliceCreator<AnalysisSlice> = (set) => ({
  analyses: {},
  pendingAnalyses: {},
  metric: 'deviceBytes',
  isGutterShown: true,
  checks: { bounds: true, races: true, uninitialised: true, barriers: true, counters: true },
  schedules: '2',
  expectAnalysis: (runId, pending) =>
    set((state) => ({ pendingAnalyses: { ...state.pendingAnalyses, [runId]: pending } })),
  adoptAnalysis: (runId, report) =>
    set((state) => {
      const { [runId]: pending, ...pendingAnalyses } = state.pendingAnalyses
      if (!pending || !report) return { pendingAnalyses }
      const view: AnalysisView = { ...pending, report, isStale: false }
      return { pendingAnalyses, analyses: { ...state.analyses, [pending.key]: view } }
    }),
  forgetText: (id) =>
    set((state) => {
      const forget = <View extends Pick<AnalysisView, 'texts'>>(views: Record<string, View>) =>
        Object.fromEntries(
          Object.entries(views).map(([key, view]) => [key, { ...view, texts: { ...view.texts, [id]: null } }]),
        )
      return { analyses: forget(state.analyses), pendingAnalyses: forget(state.pendingAnalyses) }
    }),
  markStale: (staleness) =>
    set((state) => {
      const changed = Object.values(state.analyses).filter(
        ({ key, isStale }) => staleness[key] !== undefined && staleness[key] !== isStale,
      )
      if (changed.length === 0) return state
      const marked = changed.map((view) => [view.key, { ...view, isStale: !view.isStale }])
      return { analyses: { ...state.analyses, ...Object.fromEntries(marked) } }
    }),
  setAnalysisOption: (patch) => set(patch),
})
