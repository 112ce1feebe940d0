import { z } from 'zod'

/** One of the ways in which a device may run a kernel. */
export const tierSchema = z.object({
  name: z.string(),
  /** What a row's identity says of a kernel compiled for it in the default math mode; '' when it is missing. */
  flags: z.string(),
  /** Why this machine has none of it and what to do. */
  missing: z.string().optional(),
})
export type Tier = z.infer<typeof tierSchema>

/** What one tier of the device made of a kernel, or why it made nothing of it. */
export const tierEvidenceSchema = z.object({
  tier: z.string(),
  /** Of the tier's build, as in a row's identity: another build is not what was proven. */
  flags: z.string(),
  /** Shapes that were run in it; 0 when it takes none. */
  shapes: z.number().int(),
  worstMargin: z.number().nullable(),
  /** Why it did not run a shape, of the first that it did not. */
  refusal: z.string().optional(),
})
export type TierEvidence = z.infer<typeof tierEvidenceSchema>
