import { z } from 'zod'
import { compileReportSchema } from '#contract/diagnostic.ts'
import { labErrorSchema } from '#contract/error.ts'
import {
  analysisOptionsSchema,
  analysisSettingsSchema,
  benchOptionsSchema,
  targetSchema,
} from '#contract/ipc/run-options.ts'
import { type RunOutcome, requests } from '#contract/ipc.ts'
import { flagSchema } from '#contract/manifest.ts'
import { rowSchema } from '#contract/row.ts'
import { sweepOptionsSchema, sweepStartedSchema } from '#contract/sweep.ts'
import { runKernelReportSchema, runKernelSchema, sourceSchema } from '../run/request.ts'
import { proofPlaceSchema } from '../verify/proof-place.ts'
import type { VerifyReport } from '../verify/types.ts'

const cliBenchSchema = benchOptionsSchema.extend({ target: z.union([targetSchema, z.string()]) })

/** OS threads that the device may use; absent: as many as there are processors. */
const osThreads = z.number().int().min(1).max(1024).optional()
const cliAnalysisSchema = analysisOptionsSchema.extend({ target: z.union([targetSchema, z.string()]), osThreads })
const dispatchAnalysisSchema = runKernelSchema
  .omit({ outputs: true, timeoutMs: true })
  .extend(analysisSettingsSchema.shape)
  .extend({ osThreads })

const request = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O, retry: boolean) => ({
  input,
  output,
  retry,
})

/** Requests that no renderer may make: those of the command line, which names files by path, and the supervisor's own. */
export const cliRequests = {
  'cli.compile': request(
    sourceSchema.extend({ entry: z.string().optional() }),
    compileReportSchema.extend({
      compiler: z.string(),
      tier: z.string().optional(),
      tierReason: z.string().optional(),
    }),
    true,
  ),
  'cli.run': request(runKernelSchema, runKernelReportSchema, false),
  'cli.selftest': request(z.object({ device: z.string() }), z.unknown(), false),
  /** As bench.start, for a target that may also be written `backend/name` or `FILE:ENTRY`. */
  'cli.bench.start': request(cliBenchSchema, z.object({ runId: z.string() }), false),
  'cli.verify': request(cliBenchSchema.omit({ mode: true, isCold: true }), z.custom<VerifyReport>(), false),
  /** As analysis.start, for a target that may also be written `backend/name` or `FILE:ENTRY`. */
  'cli.analysis.start': request(cliAnalysisSchema, z.object({ runId: z.string() }), false),
  /** An analysis of a dispatch given as to cli.run. */
  'cli.analysis.dispatch': request(dispatchAnalysisSchema, z.object({ runId: z.string() }), false),
  /** As proof.start, for several flags of a variant at once: its outcome is `proofs`. */
  'cli.proofs.start': request(
    requests['proof.start'].input.omit({ flag: true }).extend({ flags: z.array(flagSchema).min(1) }),
    z.object({ runId: z.string() }),
    false,
  ),
  /**
   * Goes on with a sweep whose host died, under its id: pairs with a row since it began are done. The supervisor's own.
   */
  'sweep.continue': request(sweepStartedSchema.extend({ options: sweepOptionsSchema }), sweepStartedSchema, false),
  /** Takes down that a proof's kernel crashed, which its host could not; answers how the proof ended. */
  'proof.crashed': request(z.object({ place: proofPlaceSchema, error: labErrorSchema }), z.custom<RunOutcome>(), true),
  /** Keeps the row of a run whose host died, which that host could not. */
  'rows.add': request(z.object({ row: rowSchema }), z.object({}), true),
} as const

/** Everything a kernel host answers. */
export const hostRequests = { ...requests, ...cliRequests }
export type HostRequests = typeof hostRequests
export type HostRequestName = keyof HostRequests
export type HostRequestInput<N extends HostRequestName> = z.input<HostRequests[N]['input']>
export type HostRequestOutput<N extends HostRequestName> = z.output<HostRequests[N]['output']>
