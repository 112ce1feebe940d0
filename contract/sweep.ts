import { z } from 'zod'
import { dataModeSchema, layoutSchema, modeSchema, rowSchema, rowStatusSchema } from './row.ts'
import { dtypeSchema, listedShapeSchema, type Shape } from './shape.ts'

/** Which pairs of a variant and a shape a sweep is about. */
export const sweepQuerySchema = z.object({
  /** Glob over `backend/name`, the name or the backend; absent: every enabled variant of the manifest. */
  variants: z.string().optional(),
  /** Absent: the shapes of every list in the workspace. */
  shapes: z.array(listedShapeSchema).min(1).optional(),
  /**
   * Conditions that a pair must all meet: one with `=`, `<` or `>` is a formula over the shape (`m=1,n>=2048`; a comma is
   * an and), any other a glob over variants.
   */
  filter: z.array(z.string()).default([]),
})
export type SweepQuery = z.infer<typeof sweepQuerySchema>

/** How each pair is measured, and whether rows of earlier sweeps and benches stand in for measuring again. */
export const sweepOptionsSchema = sweepQuerySchema.extend({
  device: z.string(),
  mode: modeSchema.default('single'),
  /** As of a bench. */
  tier: z.string().optional(),
  isCold: z.boolean().default(false),
  data: dataModeSchema.default('random'),
  seed: z.number().int().default(1),
  /** True: a pair whose stored row still has today's identity is shown as cached and not measured. */
  isResumed: z.boolean().default(false),
})
export type SweepOptions = z.infer<typeof sweepOptionsSchema>

/** Which sweep it is. */
export const sweepStartedSchema = z.object({
  sweepId: z.string(),
  /** ISO time from which on its rows are its own. */
  startedAt: z.string(),
  /** Of its variants and shapes: a host that goes on with it must find the same, since cells are told by their positions. */
  outline: z.string(),
})
export type SweepStarted = z.infer<typeof sweepStartedSchema>

/** A gap is never run; the states of a row follow waiting and running. */
export const sweepCellStateSchema = z.enum(['gap', 'waiting', 'running', ...rowStatusSchema.options])
export type SweepCellState = z.infer<typeof sweepCellStateSchema>

/** What a row says in few words. */
const figuresSchema = z.object({
  ratio: rowSchema.shape.ratio,
  verdict: rowSchema.shape.verdict,
  /** Why the verdict is what it is, or why a right row has none: no baseline, or a wrong one. */
  verdictReason: z.string().optional(),
  /** Median device time, ns, in the device's time domain. */
  kernelNs: z.number().optional(),
  baselineNs: z.number().optional(),
  /** True of a row that this sweep did not measure. `measuredAt` says how old it is. */
  isCached: z.boolean(),
  /** ISO time at which the row's measurement began. */
  measuredAt: z.string().optional(),
})

/** One pair as the matrix shows it. Its row, with everything else, is one `rows.get` away. */
export const sweepCellSchema = z.object({
  /** Position in SweepMatrix.variants. */
  variant: z.number().int(),
  /** Position in SweepMatrix.shapes. */
  shape: z.number().int(),
  state: sweepCellStateSchema,
  /** Of a gap: the first rule that rejects it. Of a row: its reason. Of a waiting pair: what will keep it from running. */
  reason: z.string().optional(),
  /** Absent of a gap. */
  claim: rowSchema.shape.claim.optional(),
  /** As of a row; of a pair that was not run yet, how B will be handed over. */
  layout: layoutSchema.optional(),
  rowId: z.string().optional(),
  ...figuresSchema.shape,
  /** Of a pair that was measured once more, because it was among the fastest of its shape: what that row says. */
  again: figuresSchema.extend({ state: rowStatusSchema, reason: z.string().optional(), rowId: z.string() }).optional(),
})
export type SweepCell = z.infer<typeof sweepCellSchema>
export type SweepFigures = z.infer<typeof figuresSchema>

/** What a cell comes to, as a whole. */
export interface SweepOutcome {
  state: SweepCellState
  reason?: string | undefined
  /** Of right rows: the first ratio and its verdict, by which a cell is compared with all others. */
  ratio?: SweepFigures['ratio']
  verdict?: SweepFigures['verdict']
}

/** What came of a pair: a second measurement that did not end right says more than a first that did. */
export function outcomeOf({ state, reason, ratio, verdict, again }: SweepCell): SweepOutcome {
  if (state === 'ok' && again && again.state !== 'ok')
    return { state: again.state, reason: `the second time${again.reason === undefined ? '' : `: ${again.reason}`}` }
  return { state, reason, ratio, verdict }
}

/** Every enabled variant asked for beside every shape asked for: cells in the order of variants, then of shapes. */
export const sweepMatrixSchema = z.object({
  variants: z.array(
    z.object({
      /** `backend/name` */
      id: z.string(),
      backend: z.string(),
      /** Of its backend. */
      isBaseline: z.boolean(),
      /** The element type in which shapes are run that name none. */
      dtype: dtypeSchema,
    }),
  ),
  shapes: z.array(listedShapeSchema),
  cells: z.array(sweepCellSchema),
})
export type SweepMatrix = z.infer<typeof sweepMatrixSchema>

/** The shape of a pair as it is run: in the variant's element type, where the list names none. */
export function shapeOfCell({ variants, shapes }: SweepMatrix, cell: Pick<SweepCell, 'variant' | 'shape'>): Shape {
  const { shape, hasDtype } = shapes[cell.shape]!
  return hasDtype ? shape : { ...shape, dtype: variants[cell.variant]!.dtype }
}

/** pairs = gaps + waiting + measured + cached, whatever came of those measured. */
export const sweepCountsSchema = z.object({
  pairs: z.number().int(),
  gaps: z.number().int(),
  /** Not yet run, the one that runs among them. */
  waiting: z.number().int(),
  /** Rows of this sweep, also of what failed. */
  measured: z.number().int(),
  /** Rows that were measured earlier. */
  cached: z.number().int(),
  /** Of measured and cached: pairs that are `ok`, also the second time where there was one. */
  right: z.number().int(),
})
export type SweepCounts = z.infer<typeof sweepCountsSchema>

/**
 * cancelling: asked to stop, and the pair under way has not yet. A cancelled or failed sweep can be started again with
 * isResumed.
 */
export const sweepStateSchema = z.enum(['running', 'cancelling', 'finished', 'cancelled', 'failed'])
export type SweepState = z.infer<typeof sweepStateSchema>

/** Whether a sweep in that state has yet to end. */
export function isSweepActive(state: SweepState): boolean {
  return state === 'running' || state === 'cancelling'
}

/** Where a sweep stands. */
export const sweepProgressSchema = z.object({
  sweepId: z.string(),
  state: sweepStateSchema,
  /** Why it failed. */
  reason: z.string().optional(),
  counts: sweepCountsSchema,
  /**
   * Wall time since it began, and how much of that samples of kernels and baselines were being taken, ns: from the end of
   * the warm-up to the last sample, so neither checks nor what a dispatch costs nor the roof are in it.
   */
  elapsedNs: z.number(),
  measuringNs: z.number(),
  /** Wall time by what it was spent on, ns, as far as this process knows; the rest is the lab's own. */
  phaseNs: z.record(z.string(), z.number()).optional(),
})
export type SweepProgress = z.infer<typeof sweepProgressSchema>

/** A sweep as a whole: what a window that opens late shows. */
export const sweepStatusSchema = sweepProgressSchema.extend({
  options: sweepOptionsSchema,
  startedAt: z.string(),
  matrix: sweepMatrixSchema,
})
export type SweepStatus = z.infer<typeof sweepStatusSchema>

/** How many cells are of which kind. */
export function countCells(cells: readonly SweepCell[]): SweepCounts {
  const count = (is: (cell: SweepCell) => boolean) => cells.filter(is).length
  const isPending = ({ state }: SweepCell) => state === 'waiting' || state === 'running'
  const hasRow = (cell: SweepCell) => cell.state !== 'gap' && !isPending(cell)
  return {
    pairs: cells.length,
    gaps: count(({ state }) => state === 'gap'),
    waiting: count(isPending),
    measured: count((cell) => hasRow(cell) && !cell.isCached),
    cached: count((cell) => hasRow(cell) && cell.isCached),
    right: count((cell) => outcomeOf(cell).state === 'ok'),
  }
}
