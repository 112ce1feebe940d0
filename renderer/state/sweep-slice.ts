import type { LabError } from '#contract/error.ts'
import type { EventPayload } from '#contract/ipc.ts'
import type { Row } from '#contract/row.ts'
import type { SweepCell, SweepCounts, SweepMatrix, SweepStatus } from '#contract/sweep.ts'
import type { SliceCreator } from './store.ts'

export const sweepViews = ['matrix', 'best', 'gaps'] as const
export type SweepView = (typeof sweepViews)[number]

/** Which cells a person wants to see; the others step back, and lines without any go. */
export const sweepShows = ['all', 'run', 'fast', 'slow', 'open', 'problem', 'cached', 'gap'] as const
export type SweepShow = (typeof sweepShows)[number]

/** Positions in the matrix. */
export interface CellPlace {
  variant: number
  shape: number
}

export interface SweepPlan {
  matrix: SweepMatrix
  counts: SweepCounts
}

export interface SweepSlice {
  /** What a sweep would do now, stored rows in their places; null before it was asked for. */
  sweepPlan: SweepPlan | null
  /** The sweep that runs, or the last one. */
  sweep: SweepStatus | null
  /** Which of the two is on the screen. */
  sweepSource: 'plan' | 'sweep'
  /** Conditions as typed, apart by blanks. */
  sweepFilter: string
  /** Whether stored rows stand in for measuring again. */
  isSweepResumed: boolean
  sweepView: SweepView
  sweepShow: SweepShow
  /** What the names of the variants shown hold. */
  sweepSearch: string
  sweepPlace: CellPlace | null
  /** Rows that were looked at, by id. */
  sweepRows: Record<string, Row>
  sweepFailure: LabError | null
  setSweepPlan(plan: SweepPlan | null): void
  setSweep(sweep: SweepStatus | null): void
  changeSweep(changed: EventPayload<'sweep.changed'>): void
  setSweepOption(patch: Partial<SweepChoices>): void
  keepSweepRows(rows: readonly Row[]): void
  failSweep(error: LabError | null): void
}

type SweepChoices = Pick<
  SweepSlice,
  'sweepSource' | 'sweepFilter' | 'isSweepResumed' | 'sweepView' | 'sweepShow' | 'sweepSearch' | 'sweepPlace'
>

const maxRows = 400

export const createSweepSlice: SliceCreator<SweepSlice> = (set) => ({
  sweepPlan: null,
  sweep: null,
  sweepSource: 'plan',
  sweepFilter: '',
  isSweepResumed: true,
  sweepView: 'matrix',
  sweepShow: 'all',
  sweepSearch: '',
  sweepPlace: null,
  sweepRows: {},
  sweepFailure: null,
  setSweepPlan: (sweepPlan) => set({ sweepPlan }),
  setSweep: (sweep) => set({ sweep }),
  changeSweep: ({ cells, ...progress }) =>
    set(({ sweep }) => {
      if (sweep?.sweepId !== progress.sweepId) return {}
      return { sweep: { ...sweep, ...progress, matrix: withCells(sweep.matrix, cells) } }
    }),
  setSweepOption: (patch) => set(patch),
  keepSweepRows: (rows) =>
    set((state) => {
      const kept = Object.entries(state.sweepRows).slice(-maxRows)
      return { sweepRows: { ...Object.fromEntries(kept), ...Object.fromEntries(rows.map((row) => [row.id, row])) } }
    }),
  failSweep: (sweepFailure) => set({ sweepFailure }),
})

function withCells(matrix: SweepMatrix, changed: readonly SweepCell[]): SweepMatrix {
  if (changed.length === 0) return matrix
  const cells = [...matrix.cells]
  for (const cell of changed) cells[cell.variant * matrix.shapes.length + cell.shape] = cell
  return { ...matrix, cells }
}

/** The matrix on the screen: that of the sweep, or what a sweep would begin with. */
export function shownMatrix(state: Pick<SweepSlice, 'sweepPlan' | 'sweep' | 'sweepSource'>): SweepPlan | null {
  return state.sweepSource === 'sweep' ? state.sweep : state.sweepPlan
}

/** A cell by its place. */
export function cellAt(matrix: SweepMatrix, { variant, shape }: CellPlace): SweepCell | undefined {
  return matrix.cells[variant * matrix.shapes.length + shape]
}
