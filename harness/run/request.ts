import { z } from 'zod'

const constantSchema = z.object({ name: z.string(), value: z.string() })
const extent = z.tuple([z.number().int().min(1), z.number().int().min(1), z.number().int().min(1)])

/** Where a kernel file is and how to compile it. */
export const sourceSchema = z.object({
  device: z.string(),
  /** Absolute. */
  path: z.string(),
  includeRoots: z.array(z.string()).default([]),
  macros: z.array(z.string()).default([]),
  /** Function constants as written: NAME=VALUE. */
  constants: z.array(constantSchema).default([]),
})

const scalarTypes = ['bool', 'i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64', 'f16', 'bf16', 'f32'] as const

/** `undefined` is zeros to a run; to an analysis it is what must be written before it is read. */
export const bufferInits = ['zeros', 'ones', 'iota', 'nan', 'randn', 'uniform', 'pm1', 'legacy', 'undefined'] as const

/** What one binding receives, as `klab run --arg` says it. */
export const runArgSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('buffer'),
    index: z.number().int(),
    type: z.enum(scalarTypes),
    init: z.enum(bufferInits),
    count: z.number().int().min(1),
  }),
  z.object({
    kind: z.literal('list'),
    index: z.number().int(),
    type: z.enum(scalarTypes),
    values: z.array(z.string()).min(1),
  }),
  z.object({ kind: z.literal('file'), index: z.number().int(), type: z.enum(scalarTypes), file: z.string() }),
  z.object({ kind: z.literal('value'), index: z.number().int(), type: z.enum(scalarTypes), value: z.string() }),
  z.object({ kind: z.literal('bytes'), index: z.number().int(), hex: z.string() }),
])
export type RunArg = z.infer<typeof runArgSchema>

/** A dispatch given by hand: an entry of a file, its grid and what each of its bindings receives. */
export const runKernelSchema = sourceSchema.extend({
  entry: z.string(),
  grid: extent,
  gridIsThreads: z.boolean(),
  threads: extent,
  threadgroupMemory: z.array(z.object({ index: z.number().int(), bytes: z.number().int() })).default([]),
  args: z.array(runArgSchema).default([]),
  /** Buffers to write to `.npy` files after the run. */
  outputs: z.array(z.object({ index: z.number().int(), file: z.string() })).default([]),
  seed: z.number().int().default(1),
  timeoutMs: z.number().min(1).optional(),
})
export type RunKernel = z.infer<typeof runKernelSchema>

/** What came of it. Times in ns. */
export const runKernelReportSchema = z.object({
  status: z.enum(['ok', 'timeout', 'device-lost', 'unsupported', 'invalid', 'cancelled', 'failed']),
  reason: z.string().optional(),
  location: z.object({ file: z.string(), line: z.number() }).optional(),
  /** Every buffer the kernel may write; file is null unless --out named one. */
  outputs: z.array(z.object({ index: z.number(), type: z.string(), count: z.number(), file: z.string().nullable() })),
  timing: z
    .object({
      timeDomain: z.enum(['none', 'cpu', 'gpu']),
      deviceNs: z.number(),
      encodeNs: z.number(),
      commitNs: z.number(),
      waitNs: z.number(),
      frontEndNs: z.number(),
      optimiseNs: z.number(),
      linkNs: z.number(),
    })
    .nullable(),
  /** How the device ran it, '' where there is one way only. Absent when it did not run. */
  tier: z.string().optional(),
})
export type RunKernelReport = z.infer<typeof runKernelReportSchema>
