import { z } from 'zod'
import { type Shape, shapeSchema } from './shape.ts'

export const modeSchema = z.enum(['single', 'batched', 'graph'])
export type Mode = z.infer<typeof modeSchema>

export const dataModeSchema = z.enum(['random', 'legacy', 'pm1'])
export type DataMode = z.infer<typeof dataModeSchema>

export const rowStatusSchema = z.enum([
  'ok',
  'wrong',
  'timeout',
  'device-lost',
  'unsupported',
  'invalid',
  'cancelled',
  'failed',
])
export type RowStatus = z.infer<typeof rowStatusSchema>

export const verdictSchema = z.enum(['FAST', 'SLOW', 'SAME', 'AMBIGUOUS'])
export type Verdict = z.infer<typeof verdictSchema>

/** A measured value with the ends of its 95 % interval. */
export const estimateSchema = z.object({ value: z.number(), low: z.number(), high: z.number() })

/** Times of one arm. Per iteration; samples in the order taken. gpu* only in a GPU's time domain, cpu* only in a CPU's. */
export const armTimesSchema = z.object({
  gpuNs: z.number().optional(),
  cpuNs: z.number().optional(),
  encodeNs: z.number(),
  commitNs: z.number(),
  waitNs: z.number(),
  /** Device time of every sample kept, ns, same domain as gpuNs/cpuNs (the median). */
  samples: z.array(z.number()),
  /** 95 % interval of the median, ns. */
  lowNs: z.number(),
  highNs: z.number(),
  iterations: z.number().int(),
  /**
   * What the host spends on one more dispatch in the row's mode, ns: the slope β of T(N) = α + βN, T being the time to
   * build and hand over N dispatches, without waiting for them. Absent where it was not measured.
   */
  overheadNsPerDispatch: estimateSchema.optional(),
  /** Why overheadNsPerDispatch is absent although it was measured: the slope was below 0 or its interval wider than it. */
  overheadUnresolved: z.string().optional(),
  /** `leastNs` of the row's roof ÷ this arm's median: 1 is as fast as the device can be. Absent without a roof. */
  roofFraction: z.number().optional(),
})
export type ArmTimes = z.infer<typeof armTimesSchema>

/**
 * The least time that a device can take for a shape, from peaks that the lab measured on this device itself. Bytes are
 * those of the operands, read once, and of the output, written once; flops are those of the product.
 */
export const roofSchema = z.object({
  /** The longer of bytes ÷ bandwidth and flops ÷ peak, ns. */
  leastNs: z.number(),
  /** Which of the two it is. */
  boundBy: z.enum(['memory', 'compute']),
  bytes: z.number(),
  flops: z.number(),
  /** Where the operands are when they are read: a cache (`L1`, `L2`, `L3`) or `memory`. */
  level: z.string(),
  bytesPerSecond: z.number(),
  flopsPerSecond: z.number(),
  /** When the peaks were measured, and how many times faster than them a time must be to be called impossible. */
  measuredAt: z.string(),
  margin: z.number(),
})
export type Roof = z.infer<typeof roofSchema>

/** Error of an output against the float64 truth. maxUlp in units of the output type. */
export const errorSummarySchema = z.object({
  maxAbs: z.number(),
  maxRel: z.number(),
  maxUlp: z.number(),
  /** Largest |error| ÷ derived bound; ≤ 1 passes. */
  bound: z.number(),
  unwritten: z.number().int(),
  worstIndex: z.number().int().optional(),
  expected: z.number().nullable().optional(),
  actual: z.number().nullable().optional(),
})
export type ErrorSummary = z.infer<typeof errorSummarySchema>

/**
 * How an operand is handed over that lies otherwise than the shape says: `n×k` is B by columns, as under tB. Turning it is
 * in no time. For weights, which can be stored so beforehand, that is what a kernel would meet; for activations it is not.
 */
export const layoutSchema = z.object({ b: z.enum(['n×k', 'k×n']) })
export type Layout = z.infer<typeof layoutSchema>

/** The layout of a variant's B where its transposeBOverride makes it another than the shape's own, else undefined. */
export function otherLayout(
  { tB, n, k }: Pick<Shape, 'tB' | 'n' | 'k'>,
  override: boolean | undefined,
): Layout | undefined {
  // A single row or column lies the same both ways.
  if (override === undefined || override === tB || n === 1 || k === 1) return undefined
  return { b: override ? 'n×k' : 'k×n' }
}

/** A layout in a sentence, for people. */
export function layoutText({ b }: Layout): string {
  return `B handed over as ${b.toUpperCase()}, which the shape's own layout is not`
}

/** Everything two rows must share to be the same measurement. */
export const identitySchema = z.object({
  sourceHash: z.string(),
  entryHash: z.string(),
  compiler: z.string(),
  flags: z.string(),
  mathMode: z.string(),
  device: z.string(),
  driver: z.string(),
  os: z.string(),
  labVersion: z.string(),
  /** Of the workspace; kept for people, and not compared: sourceHash and entryHash say exactly what it says roughly. */
  gitCommit: z.string(),
  dtype: z.string(),
  seed: z.number(),
  data: dataModeSchema,
  mode: modeSchema,
  cache: z.enum(['warm', 'cold']),
  tier: z.string(),
  /** Thermal and power state, `unknown` where it cannot be read. */
  power: z.string(),
  /** OS threads, SMs or GPU cores that the device used. */
  coreCount: z.number().int().optional(),
  /** Name, version and threads of what the kernel is compared with, `none` without; absent in rows of older labs. */
  baseline: z.string().optional(),
  /** Hashes of the sources and of the native library that judged, measured and compared; absent in rows of older labs. */
  protocol: z.string().optional(),
})
export type Identity = z.infer<typeof identitySchema>

/** One result of a bench: also of one that failed. */
export const rowSchema = z.object({
  id: z.string(),
  /** `backend/name` or `FILE:ENTRY` */
  variant: z.string(),
  shape: shapeSchema,
  /** Present only of a kernel whose B lay otherwise than the shape says; the baseline's lay as it says. */
  layout: layoutSchema.optional(),
  device: z.string(),
  status: rowStatusSchema,
  reason: z.string().optional(),
  /** The tier that was asked for; absent where the device chose. */
  tierAsked: z.string().optional(),
  /** Why the kernel ran in identity.tier and not in a faster one, where there is one. */
  tierReason: z.string().optional(),
  /** Kind of the error that ended the run, as in LabError. */
  errorKind: z.string().optional(),
  /** Where a crash or a compile error points. */
  location: z.object({ file: z.string(), line: z.number().int() }).optional(),
  /** kernel ÷ baseline, the middle of the ratios of all drawings of lots with its 95 % interval. Below 1 the kernel is faster. */
  ratio: estimateSchema.optional(),
  /**
   * How far measurements of one unchanged kernel on one shape lie apart on this device, whatever process, minute and place
   * in memory they have: what no single one can show. `low` to `high`: where 95 of 100 others of this row's ratio would
   * lie; `spread`: their standard deviation, a share. These three are absent while too little was repeated. `isOwn`: from
   * this kernel's own `measurements`, this one among them; else from those of several `kernels`, each by itself.
   */
  repeats: z
    .object({
      isOwn: z.boolean(),
      measurements: z.number().int(),
      kernels: z.number().int(),
      spread: z.number().optional(),
      low: z.number().optional(),
      high: z.number().optional(),
    })
    .optional(),
  verdict: verdictSchema.optional(),
  /** Why the verdict is what it is, in one sentence. */
  verdictReason: z.string().optional(),
  /**
   * The kernel against itself, its first sample of each round against its second: what order and place alone make of it.
   * Of `comparisons` such gauges on this device and day that could have called a winner, `falseVerdicts` did; the rate
   * is their share, null where there were none. `cannotCall`: this one had too few rounds to call anything.
   */
  gauge: z
    .object({
      ratio: z.number(),
      low: z.number(),
      high: z.number(),
      verdict: verdictSchema,
      falseVerdictRate: z.number().nullable(),
      falseVerdicts: z.number().int().optional(),
      comparisons: z.number().int().optional(),
      cannotCall: z.boolean().optional(),
    })
    .optional(),
  kernel: armTimesSchema.optional(),
  baseline: armTimesSchema
    .extend({ name: z.string(), error: errorSummarySchema.optional() })
    .partial()
    .extend({ name: z.string(), missing: z.string().optional() }),
  error: errorSummarySchema.optional(),
  /** Absent where the device's peaks are not known. Each arm's share of it is its roofFraction. */
  roof: roofSchema.optional(),
  stop: z.enum(['converged', 'sample-cap', 'time-cap']).optional(),
  /** The usual cap of the time for samples, ns, where it was a shorter one than a bench by itself has. */
  capNs: z.number().optional(),
  /** True of a row that was measured because an earlier one of its pair was among the fastest of its shape. */
  isAgain: z.boolean().optional(),
  /** So many samples in a row were taken under one drawing of lots for who begins; absent in rows of older labs. */
  roundsPerLot: z.number().int().optional(),
  /** Copies of the operands that lots took in turn, so that their places in memory are sampled; absent for one. */
  places: z.number().int().optional(),
  /** Processors that others of this machine, and `stolen` of its hardware, had on average while samples were taken. */
  neighbours: z.object({ processors: z.number(), stolen: z.number() }).optional(),
  /** Who measured on the same device all the while, where waiting for them was given up. */
  besides: z.string().optional(),
  identity: identitySchema,
  /** Whether the flags that this shape needs are proven or only claimed. */
  claim: z.enum(['proven', 'claimed', 'none']),
  startedAt: z.string(),
  wallNs: z.number(),
  /** True when shown from the store instead of measured now. */
  isCached: z.boolean(),
})
export type Row = z.infer<typeof rowSchema>

/** How far repeats of a row's measurement lie apart, in a sentence for people; '' of one that is compared with nothing. */
export function repeatsText({ repeats }: Pick<Row, 'repeats'>): string {
  if (!repeats) return ''
  const { isOwn, measurements, kernels, spread, low, high } = repeats
  if (spread === undefined || low === undefined || high === undefined)
    return `how far they lie apart is not known yet: this kernel was measured ${measurements === 1 ? 'once' : `${measurements} times`} on this shape`
  const of = isOwn ? 'this kernel on this shape' : `${kernels} kernels and shapes on this device`
  return `${low.toFixed(3)} to ${high.toFixed(3)}, since they differ by ${(spread * 100).toPrecision(2)} %, by ${measurements} measurements of ${of}`
}

/** Who else had the processors, in a sentence for people; '' where nobody had, or it is not known. */
export function neighboursText({
  neighbours,
  besides,
  identity,
}: Pick<Row, 'neighbours' | 'besides' | 'identity'>): string {
  const { processors = 0, stolen = 0 } = neighbours ?? {}
  const of = identity.coreCount === undefined ? '' : ` of ${identity.coreCount}`
  const parts = [
    processors >= 0.05 && `others had ${processors.toFixed(2)}${of} processors meanwhile`,
    stolen >= 0.05 && `other machines ${stolen.toFixed(2)}`,
    besides && `${besides} was measuring at the same time`,
  ]
  return parts.filter(Boolean).join('; ')
}

/** A variant × shape that is not run, and the first rule that rejected it. */
export const gapSchema = z.object({ variant: z.string(), shape: shapeSchema, reason: z.string() })
export type Gap = z.infer<typeof gapSchema>
