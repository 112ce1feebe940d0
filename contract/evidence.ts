import { z } from 'zod'
import { findingSchema } from './analysis.ts'
import { mismatchAtSchema } from './error.ts'
import { flagSchema, flagStateSchema } from './manifest.ts'
import { mutantSchema, sanitizerSchema } from './mutant.ts'
import { tierEvidenceSchema } from './tier.ts'

/** One gate on one shape and seed. */
export const gateResultSchema = z.object({
  gate: z.string(),
  passed: z.boolean(),
  shape: z.string(),
  seed: z.number(),
  /** Largest |error| ÷ bound, where the gate has one. */
  margin: z.number().optional(),
  worst: z
    .object({ index: z.number().int(), expected: z.number().nullable(), actual: z.number().nullable() })
    .optional(),
  detail: z.string().optional(),
  /** How the device ran the kernel, where it has more than one way. */
  tier: z.string().optional(),
})
export type GateResult = z.infer<typeof gateResultSchema>

/** Why one flag is true on one kind of device: written only when every gate passed. Stable, sorted, small; lives in git. */
export const evidenceRecordSchema = z.object({
  sourceHash: z.string(),
  entryHash: z.string(),
  compiler: z.string(),
  flags: z.string(),
  mathMode: z.string(),
  deviceKind: z.string(),
  deviceName: z.string(),
  labVersion: z.string(),
  /** The sources of the gates that it passed, by path, each with the beginning of its hash; absent in records of older labs. */
  proofSources: z.record(z.string(), z.string()).optional(),
  provenAt: z.string(),
  seeds: z.array(z.number()),
  shapes: z.array(z.string()),
  /** Shapes of the model that the flag opens and that were not run for their cost: it is not proven on these. */
  skipped: z.array(z.string()).optional(),
  /**
   * Every tier that the device might have chosen, but for those of one build with another. Absent in records made before
   * there were several, and on devices that have one way to run a kernel.
   */
  tiers: z.array(tierEvidenceSchema).optional(),
  /** Other flags that were on, so that shapes that need both were asked for too. */
  beside: z.array(flagSchema).optional(),
  gates: z.array(
    z.object({
      gate: z.string(),
      runs: z.number().int(),
      worstMargin: z.number().nullable(),
      worstShape: z.string(),
      worstSeed: z.number(),
    }),
  ),
  /** Absent in records made before kernels were watched: they prove nothing any more. */
  sanitizer: sanitizerSchema.optional(),
  /** The kill list, sorted by line. Absent in records made before there was one. */
  mutants: z.array(mutantSchema).optional(),
})
export type EvidenceRecord = z.infer<typeof evidenceRecordSchema>

/** How a proof ended. */
export const proofReportSchema = z.object({
  variant: z.string(),
  flag: flagSchema,
  state: flagStateSchema,
  failures: z.array(mismatchAtSchema.extend({ message: z.string() })),
  gates: z.array(gateResultSchema),
  /** What watching the kernel came to, once it came to that; `findings` are what failed the gate. */
  sanitizer: sanitizerSchema.extend({ findings: z.array(findingSchema) }).optional(),
  /** Every mutant that was tried; those that `survived` are among the failures too, under the gate `mutants`. */
  mutants: z.array(mutantSchema).optional(),
  evidence: z.object({ file: z.string(), record: evidenceRecordSchema }).optional(),
  /** Of a flag that failed: when the evidence was made that this took back. The flag is claimed from then on. */
  withdrawn: z.string().optional(),
})
export type ProofReport = z.infer<typeof proofReportSchema>
