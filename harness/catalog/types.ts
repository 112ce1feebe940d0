import type { Launch, ScalarType } from '#contract/launch.ts'
import type { Problem, Variant } from '#contract/manifest.ts'
import type { Dtype, Shape } from '#contract/shape.ts'

/** A launch declaration with the values of its free names, and where it was found. */
export interface LaunchBinding {
  launch: Launch
  params: Record<string, number>
  /** manifest: variant.launch. file: `<library>.launch.json`. family: built-in declaration of a legacy family. */
  origin: 'manifest' | 'file' | 'family' | 'baseline'
  /** Name of the legacy family, when origin is family. */
  family?: string
}

/** A variant of the manifest as read, with the backend it stands in and where. */
export interface ManifestVariant extends Variant {
  backend: string
  /** `backend/name` */
  id: string
  /** Position in the backend's array. */
  index: number
  /** The entry exactly as written, unknown keys included. */
  raw: Record<string, unknown>
}

/** Everything needed to compile and drive one kernel. */
export interface ResolvedKernel {
  /** `backend/name`, or `FILE:ENTRY` with FILE relative to the workspace. */
  id: string
  /** Absolute path of the .metal file; '' when usesDeviceBaseline. */
  path: string
  /** Its text: the target's unsaved text when it carries some. */
  source: string
  dtype: Dtype
  variant?: ManifestVariant
  /** Declaration of the plain entry; entries with their own are in `launches`. */
  launch: Launch
  /** Values of the plain entry's free names: declaration, name tokens, `dispatch`, `params`, later ones win. */
  params: Record<string, number>
  /** By entry name. planLaunch uses the one of entryFor(shape). */
  launches: Record<string, LaunchBinding>
  includeRoots: string[]
  /** Entry to run for a shape: the bias or accumulate one where the variant names it. '' when usesDeviceBaseline. */
  entryFor(shape: Shape): string
  /** Hash of the file and everything it includes; hashes `source`, so unsaved text counts. */
  sourceHash: string
  /** Hash of the manifest entry without its flags, and of the launch declarations. */
  entryHash: string
  /**
   * True for a variant without a library (`mps`): it is the device's own baseline. Its op comes from
   * DeviceHandle.createBaseline(shape); planLaunch answers the baseline's bindings as for any kernel.
   */
  usesDeviceBaseline: boolean
}

/** Value of a function constant. `name` or `index` says which. */
export interface PlannedConstant {
  name?: string
  index?: number
  type: ScalarType
  value: number
}

/** What one binding receives. Roles are operands of the shape; bytes are inline constants; scratch is zeroed memory. */
export type PlannedArg =
  | { index: number; role: 'A' | 'B' | 'C' | 'Cin' | 'bias' }
  | { index: number; bytes: Uint8Array }
  | { index: number; scratchBytes: number }

/** Elements between the end of a row and the beginning of the next, of each operand in the layout handed over. */
export interface RowPadding {
  a: number
  b: number
  c: number
}

/** A launch declaration evaluated for one shape. */
export interface LaunchPlan {
  entry: string
  /** Threadgroups, or threads when gridIsThreads. */
  grid: [number, number, number]
  gridIsThreads: boolean
  threads: [number, number, number]
  threadgroupMemory: { index: number; bytes: number }[]
  constants: PlannedConstant[]
  args: PlannedArg[]
  /** True when the output never holds C0: a kernel that reads its output instead of Cin must not pass. */
  isOutputSeparate: boolean
  /** Layout in which A is handed over: k×m when true. */
  isATransposed: boolean
  /** Layout in which B is handed over: n×k when true. Differs from shape.tB under transposeBOverride. */
  isBTransposed: boolean
  /** Rows of the operands lie this much apart; absent: they follow each other. */
  padding?: RowPadding
}

/** Sizes of the operands in bytes; bias and C are per shape, not per batch entry. */
export interface OperandBytes {
  a: number
  b: number
  c: number
  bias: number
}

/** A manifest read from disk. */
export interface ManifestReading {
  path: string
  /** Hash of the bytes read; an edit is refused when the disk no longer has it. */
  hash: string
  text: string
  variants: ManifestVariant[]
  /** Entries that do not fit the format: left out of `variants`, gaps in a sweep. */
  invalid: { id: string; isEnabled: boolean; reason: string }[]
  problems: Problem[]
  /** Line and column (1-based) of a JSON path, of its nearest existing ancestor when it does not exist. */
  positionOf(path: (string | number)[]): { line: number; column: number }
}
