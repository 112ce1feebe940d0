import { z } from 'zod'
import { analysisReportSchema } from '../analysis.ts'
import { labErrorSchema } from '../error.ts'
import { proofReportSchema } from '../evidence.ts'
import { flagSchema } from '../manifest.ts'
import { precisionReportSchema } from '../precision.ts'
import { rowSchema } from '../row.ts'

/** How a run ended, as `run.finished` tells it: one kind per kind of run, and `failed` for all of them. */
export const runOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bench'), row: rowSchema }),
  z.object({ kind: z.literal('precision'), report: precisionReportSchema }),
  z.object({ kind: z.literal('proof'), report: proofReportSchema }),
  /** Of several flags of a variant, as asked for; `errors` are those whose gates could not be run. */
  z.object({
    kind: z.literal('proofs'),
    reports: z.array(proofReportSchema),
    errors: z.array(z.object({ flag: flagSchema, error: labErrorSchema })),
  }),
  z.object({ kind: z.literal('analysis'), report: analysisReportSchema }),
  z.object({ kind: z.literal('failed'), error: labErrorSchema }),
])
export type RunOutcome = z.infer<typeof runOutcomeSchema>
