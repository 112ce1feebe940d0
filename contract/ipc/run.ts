import { z } from 'zod'
import { deviceSchema } from '../device.ts'
import { compileReportSchema } from '../diagnostic.ts'
import { flagSchema } from '../manifest.ts'
import { empty, type RequestSpec, request, runStarted } from './request.ts'
import { analysisOptionsSchema, benchOptionsSchema } from './run-options.ts'
import { runOutcomeSchema } from './run-outcome.ts'

/** What is done with one kernel. Long work answers a run id at once; events tell the rest. */
export const runRequests = {
  'compile.check': request(
    z.object({ documentId: z.string(), text: z.string(), device: z.string() }),
    compileReportSchema,
  ),
  'devices.list': request(empty, z.object({ devices: z.array(deviceSchema) })),
  'bench.start': request(benchOptionsSchema, runStarted, false),
  'precision.start': request(benchOptionsSchema, runStarted, false),
  /** Watches every access of one run to memory. Needs a device with the capability `analyse`. */
  'analysis.start': request(analysisOptionsSchema, runStarted, false),
  /**
   * Dry, it only asks whether the flag would be earned: neither evidence nor manifest is written, and flags.list then says
   * what came of it in `couldBe`.
   */
  'proof.start': request(
    z.object({ variant: z.string(), flag: flagSchema, device: z.string(), isDry: z.boolean().optional() }),
    runStarted,
    false,
  ),
  'run.cancel': request(z.object({ runId: z.string() }), empty),
} satisfies Record<string, RequestSpec>

/** How runs get on and how they end. */
export const runEvents = {
  'run.progress': z.object({
    runId: z.string(),
    /** compile, verify, measure, gate … */
    phase: z.string(),
    done: z.number(),
    total: z.number(),
    message: z.string(),
  }),
  'run.finished': z.object({ runId: z.string(), outcome: runOutcomeSchema }),
} satisfies Record<string, z.ZodType>
