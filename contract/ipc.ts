import { z } from 'zod'
import { analysisCheckSchema, analysisChecks, analysisReportSchema } from './analysis.ts'
import { deviceSchema } from './device.ts'
import { compileReportSchema } from './diagnostic.ts'
import { labErrorSchema, type Result } from './error.ts'
import { proofReportSchema } from './evidence.ts'
import { flagSchema, flagStatusSchema, problemSchema } from './manifest.ts'
import { precisionReportSchema } from './precision.ts'
import { dataModeSchema, modeSchema, rowSchema } from './row.ts'
import { shapeSchema } from './shape.ts'
import {
  sweepCellSchema,
  sweepCountsSchema,
  sweepMatrixSchema,
  sweepOptionsSchema,
  sweepProgressSchema,
  sweepStartedSchema,
  sweepStatusSchema,
} from './sweep.ts'
import { catalogSchema, documentSchema, workspaceSchema } from './workspace.ts'

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

const empty = z.object({})
const runStarted = z.object({ runId: z.string() })

/** One request: what goes in, what a success carries, and whether asking again after a host restart is harmless. */
interface RequestSpec {
  input: z.ZodType
  output: z.ZodType
  retry: boolean
}
const request = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O, retry = true) => ({
  input,
  output,
  retry,
})

/** Every request a renderer may make, in both shells. Long work answers a run id at once; events tell the rest. */
export const requests = {
  'workspace.open': request(empty, workspaceSchema),
  /** Flags are shown as they stand on the device; absent, on the first that can compile. */
  'catalog.get': request(z.object({ device: z.string().optional() }), catalogSchema),
  'document.read': request(z.object({ id: z.string() }), documentSchema),
  /** Refused with `conflict` when the disk no longer holds the text of baseHash (unless it already holds `text`). */
  'document.save': request(
    z.object({ id: z.string(), text: z.string(), baseHash: z.string() }),
    z.object({ hash: z.string() }),
  ),
  'document.create': request(
    z.object({ parentId: z.string().nullable(), name: z.string() }),
    z.object({ id: z.string() }),
    false,
  ),
  /** Hot exit: keeps unsaved text; null drops it. */
  'document.backup': request(z.object({ id: z.string(), text: z.string().nullable(), baseHash: z.string() }), empty),
  'compile.check': request(
    z.object({ documentId: z.string(), text: z.string(), device: z.string() }),
    compileReportSchema,
  ),
  'devices.list': request(empty, z.object({ devices: z.array(deviceSchema) })),
  'bench.start': request(benchOptionsSchema, runStarted, false),
  'precision.start': request(benchOptionsSchema, runStarted, false),
  /** Watches every access of one run to memory. Needs a device with the capability `analyse`. */
  'analysis.start': request(analysisOptionsSchema, runStarted, false),
  /**
   * Dry, it only asks whether the flag would be earned: neither evidence nor manifest is written, and flags.list then says
   * what came of it in `couldBe`.
   */
  'proof.start': request(
    z.object({ variant: z.string(), flag: flagSchema, device: z.string(), isDry: z.boolean().optional() }),
    runStarted,
    false,
  ),
  'run.cancel': request(z.object({ runId: z.string() }), empty),
  'rows.list': request(z.object({ limit: z.number().int().default(200) }), z.object({ rows: z.array(rowSchema) })),
  /** Rows by id, in no order; ids that are not kept (any more) are left out. */
  'rows.get': request(z.object({ ids: z.array(z.string()) }), z.object({ rows: z.array(rowSchema) })),
  /** What sweep.start would run, what it would leave out and why, and which stored rows a resumed one would show. */
  'sweep.plan': request(sweepOptionsSchema, z.object({ matrix: sweepMatrixSchema, counts: sweepCountsSchema })),
  /** Refused with `conflict` while another runs. `sweep.changed` tells the rest; every row is an ordinary bench row. */
  'sweep.start': request(sweepOptionsSchema, sweepStartedSchema, false),
  /** The sweep that runs, else the last one since the lab was started; null when there was none. */
  'sweep.status': request(empty, z.object({ sweep: sweepStatusSchema.nullable() })),
  'sweep.cancel': request(z.object({ sweepId: z.string() }), empty),
  /** As they stand on the device; absent, on the first that can compile. */
  'flags.list': request(z.object({ device: z.string().optional() }), z.object({ flags: z.array(flagStatusSchema) })),
  'flags.unset': request(z.object({ variant: z.string(), flag: flagSchema }), z.object({ hash: z.string() })),
  /** With a device every variant is built for it, and launches are held against what it has; else nothing is compiled. */
  'lint.run': request(z.object({ device: z.string().optional() }), z.object({ problems: z.array(problemSchema) })),
  /** Starts the kernel host again after `failed`. Answered by the supervisor itself, since there is no host to ask. */
  'host.restart': request(empty, empty),
} satisfies Record<string, RequestSpec>

export type Requests = typeof requests
export type RequestName = keyof Requests
export type RequestInput<N extends RequestName> = z.input<Requests[N]['input']>
export type RequestOutput<N extends RequestName> = z.output<Requests[N]['output']>

const runOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bench'), row: rowSchema }),
  z.object({ kind: z.literal('precision'), report: precisionReportSchema }),
  z.object({ kind: z.literal('proof'), report: proofReportSchema }),
  /** Of several flags of a variant, as asked for; `errors` are those whose gates could not be run. */
  z.object({
    kind: z.literal('proofs'),
    reports: z.array(proofReportSchema),
    errors: z.array(z.object({ flag: flagSchema, error: labErrorSchema })),
  }),
  z.object({ kind: z.literal('analysis'), report: analysisReportSchema }),
  z.object({ kind: z.literal('failed'), error: labErrorSchema }),
])
export type RunOutcome = z.infer<typeof runOutcome>

/** Everything the lab tells its shells unasked. */
export const events = {
  'run.progress': z.object({
    runId: z.string(),
    /** compile, verify, measure, gate … */
    phase: z.string(),
    done: z.number(),
    total: z.number(),
    message: z.string(),
  }),
  'run.finished': z.object({ runId: z.string(), outcome: runOutcome }),
  /** Cells that are no longer what they were, and where the sweep stands; the last one says how it ended. */
  'sweep.changed': sweepProgressSchema.extend({ cells: z.array(sweepCellSchema) }),
  /** Documents that changed on disk by something else than document.save of this window; empty: the tree changed. */
  'workspace.changed': z.object({ documentIds: z.array(z.string()) }),
  /** Manifest, shapes, kernels or evidence changed: ask catalog.get again. */
  'catalog.changed': z.object({}),
  'host.state': z.object({
    state: z.enum(['starting', 'ready', 'restarting', 'failed']),
    restarts: z.number().int(),
    reason: z.string().optional(),
  }),
} satisfies Record<string, z.ZodType>

export type Events = typeof events
export type EventName = keyof Events
export type EventPayload<N extends EventName> = z.output<Events[N]>

/** The lab as a shell serves it: one function per request. A missing one does not compile. */
export type LabHandlers = {
  [N in RequestName]: (input: z.output<Requests[N]['input']>) => Promise<Result<RequestOutput<N>>>
}

/** What the preload or the web page exposes to the renderer as `window.lab`: the only way out of it. */
export interface LabClient {
  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<Result<RequestOutput<N>>>
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void
  readonly shell: 'electron' | 'browser'
}
