import { z } from 'zod'
import { compileReportSchema } from '#contract/diagnostic.ts'
import {
  analysisOptionsSchema,
  analysisSettingsSchema,
  benchOptionsSchema,
  requests,
  targetSchema,
} from '#contract/ipc.ts'
import { rowSchema } from '#contract/row.ts'
import type { VerifyReport } from '../verify/types.ts'

const constantSchema = z.object({ name: z.string(), value: z.string() })
const extent = z.tuple([z.number().int().min(1), z.number().int().min(1), z.number().int().min(1)])

/** Where a kernel file is and how to compile it. */
const sourceSchema = z.object({
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
  z.object({ kind: z.literal('file'), index: z.number().int(), type: z.enum(scalarTypes), file: z.string() }),
  z.object({ kind: z.literal('value'), index: z.number().int(), type: z.enum(scalarTypes), value: z.string() }),
  z.object({ kind: z.literal('bytes'), index: z.number().int(), hex: z.string() }),
])
export type RunArg = z.infer<typeof runArgSchema>

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
  /** As proof.start; dry: only says whether the flag would be earned, and writes nothing. */
  'cli.proof.start': request(
    requests['proof.start'].input.extend({ isDry: z.boolean() }),
    z.object({ runId: z.string() }),
    false,
  ),
  /** Keeps the row of a run whose host died, which that host could not. */
  'rows.add': request(z.object({ row: rowSchema }), z.object({}), true),
} as const

/** Everything a kernel host answers. */
export const hostRequests = { ...requests, ...cliRequests }
export type HostRequests = typeof hostRequests
export type HostRequestName = keyof HostRequests
export type HostRequestInput<N extends HostRequestName> = z.input<HostRequests[N]['input']>
export type HostRequestOutput<N extends HostRequestName> = z.output<HostRequests[N]['output']>
