import { z } from 'zod'
import { errorSummarySchema } from './row.ts'
import { shapeSchema } from './shape.ts'

/** One side of the Precision panel against the float64 truth. */
export const precisionSideSchema = z.object({
  name: z.string(),
  error: errorSummarySchema,
  passed: z.boolean(),
  /** Count of outputs by ULP distance: [0, ½], (½, 1], (1, 2], (2, 4] … the last bin is open. */
  ulpHistogram: z.array(z.object({ upTo: z.number().nullable(), count: z.number().int() })),
  /** Largest |error| ÷ bound of each cell of a rows × columns raster over the output [batch·m, n]. */
  heat: z.object({
    rows: z.number().int(),
    columns: z.number().int(),
    values: z.array(z.number()),
    cellRows: z.number(),
    cellColumns: z.number(),
  }),
  /** The worst outputs, most wrong first. */
  worst: z.array(
    z.object({
      index: z.number().int(),
      row: z.number().int(),
      column: z.number().int(),
      expected: z.number(),
      actual: z.number().nullable(),
      absError: z.number(),
      ulps: z.number().nullable(),
    }),
  ),
})
export type PrecisionSide = z.infer<typeof precisionSideSchema>

/** Kernel and baseline beside the float64 truth on one shape and seed. */
export const precisionReportSchema = z.object({
  variant: z.string(),
  shape: shapeSchema,
  device: z.string(),
  seed: z.number(),
  data: z.string(),
  kernel: precisionSideSchema,
  baseline: precisionSideSchema.nullable(),
  baselineMissing: z.string().optional(),
  /** By the old harness' formula, when data is legacy. */
  legacy: z.object({ maxAbs: z.number(), maxRel: z.number() }).optional(),
})
export type PrecisionReport = z.infer<typeof precisionReportSchema>
