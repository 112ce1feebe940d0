import { z } from 'zod'
import { shapeSchema } from './shape.ts'

/** What an analysis can look for. `counters` finds nothing: it counts, line by line, what the kernel did. */
export const analysisChecks = ['bounds', 'races', 'uninitialised', 'barriers', 'counters'] as const
export const analysisCheckSchema = z.enum(analysisChecks)
export type AnalysisCheck = z.infer<typeof analysisCheckSchema>

export const findingKinds = [
  'out-of-bounds',
  'race',
  'cross-threadgroup-race',
  'uninitialised',
  'divergent-barrier',
] as const
export const findingKindSchema = z.enum(findingKinds)
export type FindingKind = z.infer<typeof findingKindSchema>

const position = z.tuple([z.number().int(), z.number().int(), z.number().int()])
export const addressSpaceSchema = z.enum(['device', 'constant', 'threadgroup'])

/** One thing that a kernel does wrong, where it was first seen; `count` is how often it was. Lines are 1-based. */
export const findingSchema = z.object({
  kind: findingKindSchema,
  file: z.string(),
  line: z.number().int(),
  /** The other side of a race, or of a barrier that not all threads reach; in `file` unless otherFile says where. */
  otherLine: z.number().int().optional(),
  otherFile: z.string().optional(),
  access: z.enum(['read', 'write']).optional(),
  /** Binding index. */
  buffer: z.number().int().optional(),
  /** Name of the argument, or of the threadgroup variable. */
  bufferName: z.string().optional(),
  space: addressSpaceSchema.optional(),
  /** Bytes from the start of the buffer or variable; negative is before it. */
  offset: z.number().int().optional(),
  bytes: z.number().int().optional(),
  /** Positions of the first occurrence: of the thread in its threadgroup, of the threadgroup in the grid. */
  thread: position,
  otherThread: position.optional(),
  threadgroup: position,
  otherThreadgroup: position.optional(),
  count: z.number().int(),
  message: z.string(),
  /** The schedule under which it was first seen; absent means 0, the order without shuffling. */
  schedule: z.number().int().optional(),
})
export type Finding = z.infer<typeof findingSchema>

const count = z.number().int().default(0)

/**
 * What the lanes of a kernel did. `…Lines` are 128-byte lines touched, counted for each access of a simdgroup;
 * `…Accesses` are those accesses. A counter that was not taken is 0.
 */
export const lineCountsSchema = z.object({
  /** Times a simdgroup ran the line. */
  executions: count,
  /** Lanes that took part, summed over the executions, of `laneSlots` that there are. */
  activeLanes: count,
  laneSlots: count,
  deviceReadBytes: count,
  deviceWriteBytes: count,
  deviceReadLines: count,
  deviceWriteLines: count,
  /** As few lines as the bytes of each access fit in. */
  deviceIdealLines: count,
  deviceAccesses: count,
  constantReadBytes: count,
  constantReadLines: count,
  constantAccesses: count,
  threadgroupReadBytes: count,
  threadgroupWriteBytes: count,
  threadgroupReadLines: count,
  threadgroupWriteLines: count,
  threadgroupAccesses: count,
  /** Cycles beyond the first of an access, on 32 banks of 4 bytes. */
  bankConflictCycles: count,
  /** By type; a fused multiply-add is two. */
  flopsF16: count,
  flopsBf16: count,
  flopsF32: count,
  flopsF64: count,
  /** Square roots, exponentials, sines and the like, of any type; not among the flops. */
  specialOps: count,
  intOps: count,
  simdgroupOps: count,
  /** The same by name: `simd_sum`, `multiply_accumulate`, … */
  simdgroupOpKinds: z.record(z.string(), z.number().int()).default({}),
  atomics: count,
  barriers: count,
  branches: count,
  /** Branches at which the lanes of a simdgroup went both ways. */
  divergentBranches: count,
})
export type LineCounts = z.infer<typeof lineCountsSchema>

export const analysedLineSchema = lineCountsSchema.extend({ file: z.string(), line: z.number().int() })
export type AnalysedLine = z.infer<typeof analysedLineSchema>

/** The document that the native library writes; see klab_analysis_get_json in klab.h. Unknown fields are dropped. */
export const analysisDocumentSchema = z.object({
  findings: z.array(findingSchema),
  /** Findings beyond the limit, which are not listed. */
  omitted: z.number().int().default(0),
  /**
   * Hash of what was compiled for each dispatch, without where in the source it comes from: sources with the same compile to
   * the same code.
   */
  code: z.string(),
  counters: z.object({
    lines: z.array(analysedLineSchema).default([]),
    total: lineCountsSchema,
  }),
})
export type AnalysisDocument = z.infer<typeof analysisDocumentSchema>

/** A buffer that ends up with other bytes under another order of simdgroups, lanes and threadgroups. */
export const orderDependenceSchema = z.object({
  buffer: z.number().int(),
  bufferName: z.string(),
  /** First element that differs, and how many do. */
  firstIndex: z.number().int(),
  differing: z.number().int(),
  elements: z.number().int(),
  /** Its values under schedule 0 and under `schedule`, as stored; null is what is no number. */
  values: z.tuple([z.number().nullable(), z.number().nullable()]),
  schedule: z.number().int(),
  message: z.string(),
})
export type OrderDependence = z.infer<typeof orderDependenceSchema>

/** An analysis of one kernel on one shape, or of one dispatch given by hand. Files are as shells show them. */
export const analysisReportSchema = analysisDocumentSchema.extend({
  /** `backend/name` or `FILE:ENTRY` */
  variant: z.string(),
  entry: z.string(),
  device: z.string(),
  /** Null for a dispatch given by hand. */
  shape: shapeSchema.nullable(),
  /** Why the manifest does not claim the shape; absent where it does, and of an entry. */
  note: z.string().optional(),
  data: z.string(),
  seed: z.number().int(),
  checks: z.array(analysisCheckSchema),
  /** How many orders of simdgroups, lanes and threadgroups were run; the counters are of the first. */
  schedules: z.number().int(),
  grid: position,
  gridIsThreads: z.boolean(),
  threads: position,
  /** Bytes of all operands, each moved once: what no kernel can do without. */
  minimumBytes: z.number().int(),
  orderDependence: z.array(orderDependenceSchema),
  /** Everything that was compiled: the kernel's file, then what it includes. */
  files: z.array(z.string()),
  /** Hash of the text and everything it includes. */
  sourceHash: z.string(),
  compiler: z.string(),
  labVersion: z.string(),
  startedAt: z.string(),
  wallNs: z.number(),
})
export type AnalysisReport = z.infer<typeof analysisReportSchema>
