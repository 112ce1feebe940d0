import { ok, type Result } from '#contract/error.ts'
import type { Mode } from '#contract/row.ts'
import { Arena } from './arena.ts'
import type { BufferHandle } from './buffer-handle.ts'
import { decodeStruct, layouts, type StructValues } from './layout.ts'
import type { NativeHandle } from './native-handle.ts'
import type { NativeLibrary } from './native-library.ts'
import type { OpHandle } from './op-handle.ts'
import type { Sample } from './types.ts'

export type Extent = readonly [x: number, y: number, z: number]

/** What one binding index receives: a buffer from a byte offset on, a value's bytes, or threadgroup memory. */
export type Arg =
  | { index: number; buffer: BufferHandle; offset?: number }
  | { index: number; bytes: Uint8Array }
  | { index: number; threadgroupBytes: number }

export interface Dispatch {
  op: OpHandle
  args: readonly Arg[]
  /** Threadgroups, or threads when gridIsThreads. */
  grid: Extent
  /** Threads of a threadgroup. */
  threads: Extent
  gridIsThreads?: boolean
  /** Later dispatches of the list see its writes. */
  barrierAfter?: boolean
}

/** One side of a comparison: iteration i runs the dispatches of set i mod sets. All sets have the same length. */
export interface Arm {
  sets: readonly (readonly Dispatch[])[]
  /** Per sample. */
  iterations: number
}

export interface RunRequest {
  arms: readonly Arm[]
  mode: Mode
  /** Samples of each arm, taken A B A B … */
  rounds: number
  /** For one submission; 10 s when absent. */
  timeoutNs?: number
  /** Stop after the round during which this has passed. */
  maxTimeNs?: number
  /** Samples have encodeNs and commitNs on every device; on a cpu at the cost of the dispatches' own times. */
  hasHostTimes?: boolean
  /** Sets rotate through the samples of all arms together: each iteration takes the set used longest ago, by any arm. */
  hasOneRotation?: boolean
}

const modes: Record<Mode, number> = { single: 0, batched: 1, graph: 2 }
const argKinds = { buffer: 0, bytes: 1, threadgroup: 2 }
const runFlags = { hostTimes: 1, oneRotation: 2 }
const sampleFlags = { invalid: 1, throttled: 2, first: 4 }

function describeArg(arena: Arena, arg: Arg): Partial<StructValues<'klab_arg'>> {
  const { index } = arg
  if ('buffer' in arg)
    return { kind: argKinds.buffer, index, buffer: arg.buffer.handle.address, offset: arg.offset ?? 0 }
  if ('bytes' in arg) return { kind: argKinds.bytes, index, data: arena.borrow(arg.bytes), bytes: arg.bytes.byteLength }
  return { kind: argKinds.threadgroup, index, bytes: arg.threadgroupBytes }
}

const describeDispatch = (arena: Arena, dispatch: Dispatch): Partial<StructValues<'klab_dispatch'>> => ({
  op: dispatch.op.handle.address,
  arg_count: dispatch.args.length,
  args: arena.structs(
    'klab_arg',
    dispatch.args.map((arg) => describeArg(arena, arg)),
  ),
  grid: dispatch.grid,
  threads: dispatch.threads,
  grid_is_threads: dispatch.gridIsThreads ? 1 : 0,
  has_barrier_after: dispatch.barrierAfter ? 1 : 0,
})

/** Dispatches in a row, for the library to read. */
export const describeDispatches = (arena: Arena, dispatches: readonly Dispatch[]): bigint =>
  arena.structs(
    'klab_dispatch',
    dispatches.map((dispatch) => describeDispatch(arena, dispatch)),
  )

const describeArm = (arena: Arena, arm: Arm): Partial<StructValues<'klab_arm'>> => ({
  dispatch_count: arm.sets[0]?.length ?? 0,
  set_count: arm.sets.length,
  iterations: arm.iterations,
  dispatches: describeDispatches(arena, arm.sets.flat()),
})

/** Every op and buffer that the dispatches use. */
export function handlesOfDispatches(dispatches: readonly Dispatch[]): Set<NativeHandle> {
  const buffers = dispatches.flatMap(({ args }) => args.flatMap((arg) => ('buffer' in arg ? [arg.buffer.handle] : [])))
  return new Set([...dispatches.map(({ op }) => op.handle), ...buffers])
}

function toSample(raw: StructValues<'klab_sample'>): Sample {
  return {
    arm: raw.arm,
    iterations: raw.iterations,
    isInvalid: (raw.flags & sampleFlags.invalid) !== 0,
    isFirst: (raw.flags & sampleFlags.first) !== 0,
    isThrottled: (raw.flags & sampleFlags.throttled) !== 0,
    deviceNs: Number(BigInt(raw.device_end_ns) - BigInt(raw.device_start_ns)),
    encodeNs: Number(raw.encode_ns),
    commitNs: Number(raw.commit_ns),
    waitNs: Number(raw.wait_ns),
    scheduleNs: Number(raw.schedule_ns),
  }
}

/** How a run ended, and on failure which arm it was (null when none had started). */
export interface RunOutcome {
  status: number
  result: Result<Sample[]>
  failedArm: number | null
}

const noArm = 0xffffffff

/** One klab_run on a worker thread. Every op and buffer of the request stays alive until it returns. */
export async function runOnDevice(
  library: NativeLibrary,
  device: NativeHandle,
  request: RunRequest,
): Promise<RunOutcome> {
  const uneven = request.arms.findIndex(({ sets }) => sets.some((set) => set.length !== sets[0]?.length))
  if (uneven >= 0) {
    return {
      status: 1,
      result: library.failure(1, `arm ${uneven}: every set must have the same number of dispatches`),
      failedArm: uneven,
    }
  }
  const arena = new Arena()
  const capacity = request.arms.length * Math.max(1, request.rounds)
  const sampleBytes = layouts.klab_sample.bytes
  const samples = arena.reserve(capacity * sampleBytes)
  const count = arena.reserve(4)
  const failedArm = arena.reserve(4)
  failedArm.view.setUint32(0, noArm, true)
  const error = arena.out('klab_error')
  const sampleAt = (i: number) =>
    new DataView(samples.view.buffer, samples.view.byteOffset + i * sampleBytes, sampleBytes)
  for (let i = 0; i < capacity; i++) sampleAt(i).setUint32(0, sampleBytes, true)
  const desc = arena.struct('klab_run_desc', {
    arm_count: request.arms.length,
    arms: arena.structs(
      'klab_arm',
      request.arms.map((arm) => describeArm(arena, arm)),
    ),
    mode: modes[request.mode],
    rounds: request.rounds,
    timeout_ns: Math.round(request.timeoutNs ?? 0),
    max_time_ns: Math.round(request.maxTimeNs ?? 0),
    flags: (request.hasHostTimes ? runFlags.hostTimes : 0) | (request.hasOneRotation ? runFlags.oneRotation : 0),
  })
  const dispatches = request.arms.flatMap((arm) => arm.sets.flat())
  const releases = [device, ...handlesOfDispatches(dispatches)].map((handle) => handle.retain())
  try {
    const status = await library.statusAsync(
      'klab_run',
      arena,
      device.address,
      desc,
      samples.address,
      capacity,
      count.address,
      failedArm.address,
      error.address,
    )
    if (status !== 0) {
      const arm = failedArm.view.getUint32(0, true)
      return { status, result: library.failure(status, error.read().message), failedArm: arm === noArm ? null : arm }
    }
    const taken = Array.from({ length: count.view.getUint32(0, true) }, (_, i) =>
      toSample(decodeStruct(sampleAt(i), 'klab_sample')),
    )
    return { status, result: ok(taken), failedArm: null }
  } finally {
    for (const release of releases) release()
  }
}
