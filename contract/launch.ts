import { z } from 'zod'

/**
 * A formula over integers, evaluated per shape: numbers, + - * / % ( ), comparisons, && || ! and ?: (true is 1,
 * false is 0; / is exact, so use floor or ceilDiv for a whole number), and the functions min, max, ceilDiv, roundUp,
 * floor, log2. Names: m n k batch tA tB bias alpha beta accumulate act (0 none, 1 relu, 2 gelu,
 * 3 silu) lda ldb ldc (leading dimensions in elements) strideA strideB strideC (elements between batches), and the variant's params.
 */
export const formulaSchema = z.union([z.number(), z.string()])
export type Formula = z.infer<typeof formulaSchema>

export const scalarTypeSchema = z.enum([
  'bool',
  'i8',
  'u8',
  'i16',
  'u16',
  'i32',
  'u32',
  'i64',
  'u64',
  'f16',
  'bf16',
  'f32',
])
export type ScalarType = z.infer<typeof scalarTypeSchema>

/** Scalars that kernels commonly take; ldd is the leading dimension of the output, ldc that of C0. */
export const scalarRoleSchema = z.enum(['M', 'N', 'K', 'batch', 'lda', 'ldb', 'ldc', 'ldd', 'alpha', 'beta'])
export type ScalarRole = z.infer<typeof scalarRoleSchema>

/** What one binding index of the kernel receives. */
export const launchArgSchema = z.union([
  /**
   * A matrix. C is the output; when beta ≠ 0 or accumulate it holds C0 before the run. Where D is declared too, D is the
   * output, which never holds C0, and C is read only, as Cin is: a copy of C0. Where the
   * shape has none it holds NaNs, as a bias that the shape does not have does: a kernel must not look at them.
   */
  z.object({
    index: z.number().int().min(0).max(30),
    role: z.enum(['A', 'B', 'C', 'D', 'Cin', 'bias']),
    when: formulaSchema.optional(),
  }),
  /** A scalar by its name, u32 unless `type` says otherwise, alpha and beta f32. */
  z.object({
    index: z.number().int().min(0).max(30),
    role: scalarRoleSchema,
    type: scalarTypeSchema.optional(),
    when: formulaSchema.optional(),
  }),
  z.object({
    index: z.number().int().min(0).max(30),
    type: scalarTypeSchema,
    value: formulaSchema,
    when: formulaSchema.optional(),
  }),
  /** A struct of scalars, laid out with natural alignment in order. */
  z.object({
    index: z.number().int().min(0).max(30),
    fields: z.array(z.object({ name: z.string().optional(), type: scalarTypeSchema, value: formulaSchema })),
    when: formulaSchema.optional(),
  }),
  /** Working memory of that many bytes, zeroed before the first dispatch. */
  z.object({ index: z.number().int().min(0).max(30), scratchBytes: formulaSchema, when: formulaSchema.optional() }),
])
export type LaunchArg = z.infer<typeof launchArgSchema>

const triple = z.tuple([formulaSchema, formulaSchema, formulaSchema])

const rangeSchema = z.object({
  min: z.number().optional(),
  max: z.number().optional(),
  multipleOf: z.number().optional(),
})

/** How an entry point is driven: what each binding receives, and the grid. Declared beside the kernel or in the manifest. */
export const launchSchema = z.object({
  args: z.array(launchArgSchema),
  /** Threadgroups of the grid, x y z. Exactly one of threadgroups and gridThreads. */
  threadgroups: triple.optional(),
  gridThreads: triple.optional(),
  /** Threads of one threadgroup, x y z. */
  threads: triple,
  threadgroupMemory: z.array(z.object({ index: z.number().int(), bytes: formulaSchema })).default([]),
  /** Function constants by name or decimal index. */
  constants: z.record(z.string(), formulaSchema).default({}),
  /** Element type of A, B, C and bias. */
  dtype: z.enum(['f16', 'bf16', 'f32']).default('f16'),
  /** Defaults of the formula's free names. */
  params: z.record(z.string(), z.number()).default({}),
  /**
   * Names computed per shape, in order, before every other formula; a param of the same name wins. tB, ldb and strideB
   * are of the layout handed over here, and so is what a kernel for B as n×k only requires: `b_is_n_by_k: "tB"`, at least 1.
   */
  derived: z.record(z.string(), formulaSchema).default({}),
  /** Ranges outside which the kernel must not be run, by formula name. */
  requires: z.record(z.string(), rangeSchema).default({}),
  /** What the bare entry (bench FILE:ENTRY, without a variant) may be asked to do. */
  supports: z
    .object({
      transposeA: z.boolean(),
      transposeB: z.boolean(),
      batch: z.boolean(),
      bias: z.boolean(),
      accumulate: z.boolean(),
      alpha: z.boolean(),
      activation: z.boolean(),
    })
    .partial()
    .default({}),
})
export type Launch = z.infer<typeof launchSchema>

/**
 * `<library>.launch.json` beside `<library>.metal`: named launches, and which entry uses which with what params.
 * `{"launches": {"tiled": {…}}, "entries": {"sgemm_tiled_simd4": {"launch": "tiled", "params": {"NBLK": 4}}}}`
 * An entry's dtype stands before its launch's: one launch drives the instances of a template for every element type.
 */
export const launchFileSchema = z.object({
  launches: z.record(z.string(), launchSchema),
  entries: z.record(
    z.string(),
    z.object({
      launch: z.string(),
      params: z.record(z.string(), z.number()).default({}),
      dtype: launchSchema.shape.dtype.unwrap().optional(),
    }),
  ),
})
export type LaunchFile = z.infer<typeof launchFileSchema>
