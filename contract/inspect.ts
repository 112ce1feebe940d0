import { z } from 'zod'
import { labErrorSchema } from './error.ts'
import { shapeSchema } from './shape.ts'

/** A number of the inspector, and how it comes about: a formula in words or symbols, then in numbers. */
export const quantitySchema = z.object({ value: z.number(), formula: z.string() })
export type Quantity = z.infer<typeof quantitySchema>

/** How the grid covers the output. */
export const tilingSchema = z.object({
  /** Outputs of one threadgroup. */
  rows: z.number().int(),
  columns: z.number().int(),
  /** Tiles along m and n; of each batch, and of each slice of K. */
  tileRows: z.number().int(),
  tileColumns: z.number().int(),
  batches: z.number().int(),
  /** Threadgroups that share one tile, each with a part of K. */
  slices: z.number().int(),
  /** Found by asking the grid's formulas about other extents, or by the kernel's parameters, whose tiles the grid has. */
  source: z.enum(['grid', 'parameters']),
  /** Which grid axis grows with m and with n; null where none does, or several do. */
  rowAxis: z.enum(['x', 'y', 'z']).nullable(),
  columnAxis: z.enum(['x', 'y', 'z']).nullable(),
  /** Rows and columns that the last tile has; equal to `rows` and `columns` when nothing is left over. */
  lastRows: z.number().int(),
  lastColumns: z.number().int(),
  /** Threadgroups whose tile reaches past the output, and those that lie beyond it altogether. */
  partial: quantitySchema,
  beyond: quantitySchema,
  /** Outputs of the tiles that are no outputs of C, as a share of all that the tiles have. */
  unusedShare: quantitySchema,
  /** Threads that this share stands for, where a threadgroup's threads have an equal number of its outputs each. */
  idleThreads: quantitySchema,
  /** Bytes asked of device memory when every threadgroup reads its rows of A and columns of B once. */
  tileBytes: quantitySchema,
})
export type Tiling = z.infer<typeof tilingSchema>

/** What one model of GPU can keep of a launch at once. An estimate: the model's limits, and nothing measured. */
export const occupancySchema = z.object({
  model: z.string(),
  /** Where the limits come from. */
  source: z.string(),
  cores: z.number().int(),
  /** Threadgroups that each resource of one core allows; null where what the kernel needs of it is not known. */
  limits: z.array(
    z.object({
      resource: z.enum(['threads', 'threadgroup memory', 'registers', 'threadgroups']),
      groups: z.number().int().nullable(),
      formula: z.string(),
    }),
  ),
  /** The resource that allows least; null when the threadgroup does not fit the core at all, and `refusal` says why. */
  limitedBy: z.enum(['threads', 'threadgroup memory', 'registers', 'threadgroups']).nullable(),
  refusal: z.string().optional(),
  /** Resident simdgroups ÷ what the core can hold. */
  share: quantitySchema,
  /** Threadgroups of the grid ÷ those that the whole GPU holds at once. */
  waves: quantitySchema,
})
export type Occupancy = z.infer<typeof occupancySchema>

/** The most that a device was seen to do, by the lab itself. */
export const devicePeaksSchema = z.object({
  measuredAt: z.string(),
  /** From the fastest level to memory, whose `bytes` are null. */
  levels: z.array(z.object({ name: z.string(), bytes: z.number().nullable(), bytesPerSecond: z.number() })),
  flopsPerSecond: z.object({ f32: z.number(), f16: z.number() }),
})
export type DevicePeaks = z.infer<typeof devicePeaksSchema>

/** One launch of one kernel on one shape, as it would be made; nothing of it is run. */
export const dispatchReportSchema = z.object({
  variant: z.string(),
  entry: z.string(),
  device: z.string(),
  shape: shapeSchema,
  /** Why the manifest does not claim the shape; absent where it does, and of an entry. */
  note: z.string().optional(),
  /** Where the launch is declared. */
  origin: z.enum(['manifest', 'file', 'family']),
  /** Threadgroups by axis, each with its formula. */
  grid: z.array(quantitySchema).length(3),
  threads: z.array(quantitySchema).length(3),
  threadgroups: quantitySchema,
  threadsPerGroup: quantitySchema,
  simdgroupsPerGroup: quantitySchema,
  /** Lanes of the last simdgroup of each threadgroup that no thread has. */
  emptyLanes: quantitySchema,
  totalThreads: quantitySchema,
  maxThreadsPerGroup: z.number().int(),
  threadgroupBytes: z.object({
    /** Handed over with the launch. */
    dynamic: quantitySchema,
    /** Declared by the kernel; null while it is not built. */
    declared: z.number().int().nullable(),
    limit: z.number().int(),
  }),
  /** What the build of the entry says; an error says why there is none. */
  build: z.union([
    z.object({
      isOk: z.literal(true),
      maxThreads: z.number().int(),
      /** Of a thread; null where the device does not say. */
      registers: z.number().int().nullable(),
      spillBytes: z.number().int().nullable(),
    }),
    z.object({ isOk: z.literal(false), error: labErrorSchema }),
  ]),
  constants: z.array(z.object({ name: z.string(), value: z.number() })),
  bindings: z.array(z.object({ index: z.number().int(), name: z.string(), value: z.string() })),
  tiling: tilingSchema.nullable(),
  /** Why the tiling is null. */
  tilingMissing: z.string().optional(),
  flops: quantitySchema,
  /** Every operand read once, the output written once. */
  compulsoryBytes: quantitySchema,
  /** flops ÷ compulsoryBytes. */
  intensity: quantitySchema,
  /** Of this device, as far as they were measured since the lab was started. */
  peaks: devicePeaksSchema.nullable(),
  occupancy: z.array(occupancySchema),
  /** What a device would refuse about the launch. */
  problems: z.array(z.string()),
})
export type DispatchReport = z.infer<typeof dispatchReportSchema>
