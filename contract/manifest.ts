import { z } from 'zod'
import { launchSchema } from './launch.ts'
import { tierEvidenceSchema } from './tier.ts'

/** Flags of `supports` that the lab can prove, in the order they are shown. */
export const provableFlags = [
  'transposeA',
  'transposeB',
  'smallK',
  'smallMN',
  'batch',
  'bias',
  'accumulate',
  'activation',
] as const
export type Flag = (typeof provableFlags)[number]
export const flagSchema = z.enum(provableFlags)

/** Unknown keys are kept; the linter names them. */
export const supportsSchema = z.looseObject({
  transposeA: z.boolean(),
  transposeB: z.boolean(),
  smallK: z.boolean(),
  smallMN: z.boolean(),
  batch: z.boolean(),
  bias: z.boolean(),
  accumulate: z.boolean(),
  /** Every activation that a shape can ask for; false where an entry does not say it, as older manifests do not. */
  activation: z.boolean().default(false),
  supportedNValues: z.array(z.number().int()).optional(),
  expectedTransposeA: z.boolean().optional(),
  expectedTransposeB: z.boolean().optional(),
  functionName: z.string(),
  functionNameBias: z.string().optional(),
  functionNameAccumulate: z.string().optional(),
})
export type Supports = z.infer<typeof supportsSchema>

export const variantSchema = z.looseObject({
  name: z.string().min(1),
  library: z.string().optional(),
  enabled: z.boolean().default(true),
  baseline: z.boolean().default(false),
  tileBM: z.number().int().optional(),
  tileBN: z.number().int().optional(),
  tileBK: z.number().int().optional(),
  warpM: z.number().int().optional(),
  warpN: z.number().int().optional(),
  transposeBOverride: z.boolean().optional(),
  supports: supportsSchema,
  /** How to drive it, when neither the kernel's launch file nor a known legacy family says. */
  launch: launchSchema.optional(),
  /** Says openly what the m1 families otherwise read from the name's tokens: bn, tg, rows, single. */
  dispatch: z.record(z.string(), z.number()).optional(),
  /** Values of the launch's free names. */
  params: z.record(z.string(), z.number()).optional(),
  /** Ranges outside which no sweep runs it, by formula name; checked after the rules of the format. */
  requires: z
    .record(
      z.string(),
      z.object({ min: z.number().optional(), max: z.number().optional(), multipleOf: z.number().optional() }),
    )
    .optional(),
})
export type Variant = z.infer<typeof variantSchema>

/** `{ "<backend>": [variant, …] }` */
export const manifestSchema = z.record(z.string(), z.array(variantSchema))
export type Manifest = z.infer<typeof manifestSchema>

/**
 * off: false in the file. claimed: true without live evidence. proven: true, and evidence of the same kind of device
 * matches today's hashes, compiler, flags and math mode.
 */
export const flagStateSchema = z.enum(['off', 'claimed', 'proven'])
export type FlagState = z.infer<typeof flagStateSchema>

export const flagStatusSchema = z.object({
  /** `backend/name` */
  variant: z.string(),
  flag: flagSchema,
  value: z.boolean(),
  state: flagStateSchema,
  /** Kind of the device that the state is about: a proof on one says nothing of another. */
  device: z.string(),
  /** Why it is in that state, naming what changed, and on which device it was proven. */
  reason: z.string(),
  /** What each tier of the device made of it, of a flag whose evidence holds. */
  tiers: z.array(tierEvidenceSchema).optional(),
  /** Shapes of the model that its proof left out for their cost: there it is only claimed. */
  skipped: z.array(z.string()).optional(),
  /**
   * Of a flag that is off: whether a proof would turn it on, as found by one that wrote nothing (proof.start with isDry)
   * on this very kernel, entry and compiler. Absent: not asked since they changed.
   */
  couldBe: z.object({ isTrue: z.boolean(), reason: z.string(), checkedAt: z.string() }).optional(),
})
export type FlagStatus = z.infer<typeof flagStatusSchema>

/** A variant as the catalog shows it. */
export const catalogVariantSchema = z.object({
  /** `backend/name` */
  id: z.string(),
  backend: z.string(),
  name: z.string(),
  library: z.string().optional(),
  /** Document id of the library's .metal file, when it was found. */
  documentId: z.string().optional(),
  functionName: z.string(),
  enabled: z.boolean(),
  isBaseline: z.boolean(),
  /** False when the lab does not know how to drive it; `unrunnableReason` says why. */
  isRunnable: z.boolean(),
  unrunnableReason: z.string().optional(),
  dtype: z.enum(['f16', 'bf16', 'f32']),
  flags: z.array(flagStatusSchema),
})
export type CatalogVariant = z.infer<typeof catalogVariantSchema>

/** One finding of the linter. */
export const problemSchema = z.object({
  rule: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  variant: z.string().optional(),
  /** JSON path (`mlx[3].supports.largeK`) or file path. */
  path: z.string(),
  message: z.string(),
  documentId: z.string().optional(),
  line: z.number().int().optional(),
  column: z.number().int().optional(),
})
export type Problem = z.infer<typeof problemSchema>
