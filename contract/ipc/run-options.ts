import { z } from 'zod'
import { analysisCheckSchema, analysisChecks } from '../analysis.ts'
import { dataModeSchema, modeSchema } from '../row.ts'
import { shapeSchema } from '../shape.ts'

/** What to run: a manifest's variant, or an entry of a document. Unsaved text goes along, so that what is seen is run. */
export const targetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('variant'), id: z.string(), text: z.string().optional() }),
  z.object({ kind: z.literal('entry'), documentId: z.string(), entry: z.string(), text: z.string().optional() }),
])
export type Target = z.infer<typeof targetSchema>

export const benchOptionsSchema = z.object({
  target: targetSchema,
  shape: shapeSchema,
  device: z.string(),
  mode: modeSchema.default('single'),
  /** One of the device's tiers, in which the kernel then runs or is `unsupported`; absent: the device chooses. */
  tier: z.string().optional(),
  isCold: z.boolean().default(false),
  data: dataModeSchema.default('random'),
  seed: z.number().int().default(1),
})
export type BenchOptions = z.infer<typeof benchOptionsSchema>

/** What to look for, and under how many orders of execution; the first is the one without shuffling. */
export const analysisSettingsSchema = z.object({
  checks: z
    .array(analysisCheckSchema)
    .min(1)
    .default([...analysisChecks]),
  schedules: z.number().int().min(1).max(64).default(1),
  /** Of each schedule; absent: the device's own limit. */
  timeoutMs: z.number().min(1).optional(),
})
export type AnalysisSettings = z.infer<typeof analysisSettingsSchema>

export const analysisOptionsSchema = benchOptionsSchema
  .omit({ mode: true, isCold: true, tier: true })
  .extend(analysisSettingsSchema.shape)
export type AnalysisOptions = z.infer<typeof analysisOptionsSchema>
