import type { ScalarType } from '#contract/launch.ts'

/** Source to compile. `path` names the file in diagnostics and its folder is searched for includes. */
export interface ModuleRequest {
  source: string
  path: string
  /** `NAME` or `NAME=VALUE` */
  macros?: string[]
  includeRoots?: string[]
  /** default is the device's own: fast */
  mathMode?: 'default' | 'safe' | 'relaxed' | 'fast'
  /** The semantic check, which costs most of the time. Without it errors appear when an op is created. Default true. */
  check?: boolean
  /** Default true. */
  cache?: boolean
}

/** Value of a function constant, found by name when there is one, else by index. */
export interface ConstantValue {
  name?: string
  index?: number
  type: ScalarType
  value: number | bigint | boolean
}

/** What is known about a runnable entry point or baseline. -1 means unknown. */
export interface OpInfo {
  name: string
  /** How the next run executes it. cpu: `loop`, `fiber`, `leader`, `vector` or `analyse`; empty elsewhere */
  tier: string
  /** Why that tier and not a faster one; empty when there is none. */
  tierReason: string
  /** false while a faster build is being made that may be taken over: see OpHandle.settle. */
  isSettled: boolean
  maxThreads: number
  simdWidth: number
  /** 0 when unknown before the first run. */
  staticThreadgroupBytes: number
  registers: number
  spillBytes: number
  /** Compiler flags: part of a row's identity. */
  flagsUsed: string
  optimiseNs: number
  linkNs: number
  isCached: boolean
  isBaseline: boolean
}

/** What a guarded buffer's bands say. firstOffset is relative to the buffer's first byte; negative is before it. */
export interface GuardReport {
  hasGuards: boolean
  bytesDamaged: number
  firstOffset: number
}

/** One measurement of one arm: totals over its iterations. */
export interface Sample {
  arm: number
  iterations: number
  /** The device's timestamps were zero, reversed or not numbers: an error, never a time. */
  isInvalid: boolean
  isFirst: boolean
  isThrottled: boolean
  /** In the device's time domain. */
  deviceNs: number
  encodeNs: number
  commitNs: number
  waitNs: number
  scheduleNs: number
}
