import type { LabError } from '#contract/error.ts'
import type { ProofReport } from '#contract/evidence.ts'
import type { EventPayload } from '#contract/ipc.ts'
import type { PrecisionReport } from '#contract/precision.ts'
import type { Row } from '#contract/row.ts'
import type { SliceCreator } from './store.ts'

export type RunKind = 'bench' | 'precision' | 'proof' | 'analysis'

/** A run under way. Runs that an event announces before their start was answered have no kind yet. */
export interface Run {
  runId: string
  kind: RunKind | null
  /** What it works on, for people; for a proof `variant#flag`. */
  subject: string
  phase: string
  done: number
  total: number
  message: string
  /** It was asked to stop, and has not yet. */
  isCancelling: boolean
}

export interface RunsSlice {
  runs: Record<string, Run>
  /** Of this session. */
  rows: Row[]
  selectedRowId: string | null
  precision: PrecisionReport | null
  /** Last proof of each `variant#flag`. */
  proofs: Record<string, ProofReport>
  /** Last failure, other than by a cancel, of each kind of run; for proofs of each `variant#flag`. */
  failures: Record<string, LabError>
  selectRow(id: string | null): void
  beginRun(run: { runId: string; kind: RunKind; subject: string }): void
  progressRun(progress: EventPayload<'run.progress'>): void
  markCancelling(runId: string): void
  finishRun(finished: EventPayload<'run.finished'>): void
  failRun(key: string, error: LabError | null): void
}

/** Where a proof's report and failure are kept. */
export const proofKey = (variant: string, flag: string) => `${variant}#${flag}`

const maxRows = 500
/** Ends of runs whose start was not answered yet; adopted by beginRun. */
const early = new Map<string, EventPayload<'run.finished'>>()

export const createRunsSlice: SliceCreator<RunsSlice> = (set, get) => ({
  runs: {},
  rows: [],
  selectedRowId: null,
  precision: null,
  proofs: {},
  failures: {},
  selectRow: (selectedRowId) => set({ selectedRowId }),
  beginRun: ({ runId, kind, subject }) => {
    const { [failureKey(kind, subject)]: _old, ...failures } = get().failures
    const known = get().runs[runId]
    const run: Run = {
      phase: 'queued',
      done: 0,
      total: 0,
      message: '',
      isCancelling: false,
      ...known,
      runId,
      kind,
      subject,
    }
    set({ failures, runs: { ...get().runs, [runId]: run } })
    const finished = early.get(runId)
    if (!finished) return
    early.delete(runId)
    get().finishRun(finished)
  },
  progressRun: ({ runId, ...progress }) =>
    set((state) => ({
      runs: {
        ...state.runs,
        [runId]: { kind: null, subject: '', isCancelling: false, ...state.runs[runId], runId, ...progress },
      },
    })),
  markCancelling: (runId) =>
    set((state) => {
      const run = state.runs[runId]
      return run ? { runs: { ...state.runs, [runId]: { ...run, isCancelling: true } } } : state
    }),
  finishRun: (finished) => {
    const { [finished.runId]: run, ...runs } = get().runs
    const { outcome } = finished
    if (outcome.kind === 'bench')
      set((state) => ({ rows: mergeRows([outcome.row], state.rows), selectedRowId: outcome.row.id }))
    if (!run?.kind) {
      early.set(finished.runId, finished)
      return
    }
    set({ runs })
    if (run.kind === 'analysis') get().adoptAnalysis(run.runId, outcome.kind === 'analysis' ? outcome.report : null)
    if (outcome.kind === 'precision') set({ precision: outcome.report })
    if (outcome.kind === 'proof') {
      const key = proofKey(outcome.report.variant, outcome.report.flag)
      set((state) => ({ proofs: { ...state.proofs, [key]: outcome.report } }))
    }
    if (outcome.kind === 'failed' && outcome.error.kind !== 'cancelled')
      get().failRun(failureKey(run.kind, run.subject), outcome.error)
  },
  failRun: (key, error) =>
    set((state) => {
      const { [key]: _old, ...failures } = state.failures
      return { failures: error ? { ...failures, [key]: error } : failures }
    }),
})

/** Where the failure of a run is kept. */
export function failureKey(kind: RunKind, subject: string): string {
  return kind === 'proof' ? subject : kind
}

/** Rows of both lists, each id once, newest first. */
function mergeRows(preferred: Row[], others: Row[]): Row[] {
  const byId = new Map([...others, ...preferred].map((row) => [row.id, row]))
  return [...byId.values()].sort((a, b) => b.startedAt.localeCompare(a.startedAt)).slice(0, maxRows)
}
