import type { GateResult } from '#contract/evidence.ts'
import type { BenchOptions, Target } from '#contract/ipc.ts'
import type { Flag } from '#contract/manifest.ts'
import type { Row } from '#contract/row.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { NativeLibrary } from '../bridge/native-library.ts'
import type { Workspace } from '../catalog/workspace.ts'
import type { BufferPool } from './buffer-pool.ts'
import type { ProofPlace, RunPlace } from './proof-place.ts'
import type { RunCache } from './run-cache.ts'
import type { Sequences } from './sequences.ts'

/** What every run of the lab needs. One device runs one thing at a time; `workspace` says where kernels and evidence lie. */
export interface RunContext {
  lib: NativeLibrary
  device: DeviceHandle
  workspace: Workspace
  labVersion: string
  /** Commit of the workspace, `unknown` outside a repository. */
  gitCommit: string
  /** Name and version of the operating system. */
  os: string
  /** What this run shares with others of a sweep. */
  cache?: RunCache
  /** The one tier that everything on the device runs in; absent where the device chooses. */
  tier?: string
  /** Thermal and power state, `unknown` where it cannot be read. */
  power?: string
  /** Shared by the shapes of one run that judges many. */
  sequences?: Sequences
  /** As `sequences`: buffers of `device`. */
  pool?: BufferPool
  /** Of the run that this is for: what the host computes itself stops when it is aborted. */
  signal?: AbortSignal
  /** What one run that is judged may take, where the device's own limit is too short. */
  timeoutNs?: number
  /** Told before each run of a kernel that is judged, or watched for some flags of a proof. */
  underway?: (at: RunPlace, flags?: ReadonlySet<Flag>) => void
}

/** How a run talks to whoever started it. */
export interface RunHooks {
  /** `total` is 0 when not known yet. */
  progress(phase: string, done: number, total: number, message: string): void
  /** Aborting it cancels what the device is doing and ends the run with a `cancelled` error or row. */
  signal: AbortSignal
  /**
   * Called before anything of the kernel runs, again whenever more of the row is known: the row to show should this
   * process die, complete but for its outcome (`status` device-lost, no times).
   */
  skeleton?(row: Row): void
  /** Called by a proof before each run of its kernel: what to blame should this process die; null once that is over. */
  underway?(place: ProofPlace | null): void
}

/**
 * What to run: a renderer's target, or as text `backend/name` or `FILE:ENTRY`, where FILE may lie outside the
 * workspace: only a command line may say that.
 */
export type RunTarget = Target | string

/** What to measure. The device is the context's. */
export type BenchRequest = Omit<BenchOptions, 'target' | 'device'> & {
  target: RunTarget
  /** True of one bench among hundreds: samples are taken for a shorter time, and the row says for how long. */
  isBrief?: boolean
  /** As the row will say. */
  isAgain?: boolean
}

/** Same selectors as a bench; without a mode there is nothing to time. */
export type VerifyOptions = Pick<BenchRequest, 'target' | 'shape' | 'data' | 'seed'>

/** What `klab verify` prints. `error` is the worst of all seeds, by the old harness' formula when data is legacy. */
export interface VerifyReport {
  passed: boolean
  variant: string
  shape: string
  device: string
  gates: GateResult[]
  error: { maxAbs: number; maxRel: number; maxUlp?: number }
  /** The same gates on the device's baseline; null when it has none. */
  baseline: { name: string; passed: boolean; gates: GateResult[] } | null
  baselineMissing?: string
}

/** What to prove: `backend/name` and the flag to earn. */
export interface ProofRequest {
  variant: string
  flag: Flag
  /** Only ask whether it would be earned: nothing is written. */
  isDry?: boolean | undefined
}

/** As ProofRequest, for several flags at once. */
export interface ProofsRequest extends Omit<ProofRequest, 'flag'> {
  flags: readonly Flag[]
}
