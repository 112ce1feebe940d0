import { z } from 'zod'
import type { LabError } from '#contract/error.ts'
import { flagSchema } from '#contract/manifest.ts'

/** One run of a kernel. */
const runPlaceSchema = z.object({ shape: z.string(), seed: z.number(), tier: z.string().optional() })
export type RunPlace = z.infer<typeof runPlaceSchema>

/** What a proof is at: enough to say what is wrong with a kernel when the process that ran it is gone. */
export const proofPlaceSchema = runPlaceSchema.extend({
  variant: z.string(),
  sourceHash: z.string(),
  entryHash: z.string(),
  /** Id of the device. */
  device: z.string(),
  isDry: z.boolean(),
  /** All that the proof was asked for. */
  flags: z.array(flagSchema),
  /** Those that need the run to pass. */
  needing: z.array(flagSchema),
  /** The outcome that is waited for is that of one flag. */
  isAlone: z.boolean().optional(),
})
export type ProofPlace = z.infer<typeof proofPlaceSchema>

/** Whether a run ended by the kernel's own doing: a crash in it, or no end. A device may be lost for other reasons. */
export function isKernels(error: LabError): boolean {
  return error.kind === 'timeout' || (error.kind === 'device-lost' && error.kernel !== undefined)
}

/** Whether a run could not be for a reason that lies in the kernel and the shape. */
export function isAboutShape({ kind }: LabError): boolean {
  return kind === 'invalid' || kind === 'unsupported' || kind === 'pipeline' || kind === 'not-found'
}
