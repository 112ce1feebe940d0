import { z } from 'zod'
import { tierSchema } from './tier.ts'

export const deviceSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['null', 'cpu', 'cuda', 'metal']),
  arch: z.string(),
  driver: z.string(),
  /** What its clock counts; times of a cpu device are never shown as GPU time. */
  timeDomain: z.enum(['none', 'cpu', 'gpu']),
  simdWidth: z.number().int(),
  coreCount: z.number().int(),
  maxThreadsPerThreadgroup: z.number().int(),
  maxThreadgroupBytes: z.number().int(),
  maxBufferBytes: z.number(),
  workingSetBytes: z.number(),
  hasUnifiedMemory: z.boolean(),
  capabilities: z.array(z.string()),
  /** What a run may choose among, slowest first; empty where everything runs in one way. */
  tiers: z.array(tierSchema),
  /** Name and version of the baseline library, or null with why and what to do in baselineMissing. */
  baseline: z.string().nullable(),
  baselineMissing: z.string().optional(),
  /** Set when the device exists but cannot be used; says what is missing. */
  unavailable: z.string().optional(),
})
export type Device = z.infer<typeof deviceSchema>

/** Math mode in which every kernel is compiled, for a run as for a proof: every device's own default. */
export const mathMode = 'fast'
