import { fail, ok, type Result } from '#contract/error.ts'
import { shapeSchema } from '#contract/shape.ts'
import type { BufferHandle } from '../bridge/buffer-handle.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { ModuleHandle } from '../bridge/module-handle.ts'
import type { OpHandle } from '../bridge/op-handle.ts'
import type { Arg, Dispatch } from '../bridge/run.ts'
import { type CacheLevel, cacheLevels } from './caches.ts'
import { peakSource, peakUnroll, peakWidth } from './peak-kernels.ts'

/** The most that a device was seen to do, by the lab itself. */
export interface Peaks {
  /** ISO. */
  measuredAt: string
  /** From the fastest level to memory, whose capacity has no end. */
  levels: { name: string; bytes: number; bytesPerSecond: number }[]
  flopsPerSecond: { f32: number; f16: number }
}

const float = 4
const rowBytes = peakWidth * float
/** Of every kernel; the best one counts, so that a busy neighbour does not make a device look slower than it is. */
const samples = 8
/** A pass over less than this would be over before the device is at it. */
const leastMovedBytes = 2 ** 23
/** Working sets: half of a cache, so that it stays there; twice the last one for memory. */
const cacheShare = 0.5
const memoryFactor = 2
const mostMemoryBytes = 2 ** 29
const fmaRounds = 512
const values = { f32: [0x3e800000, 4], f16: [0x3400, 2] } as const

/** Frees what a measurement used; its methods throw a Failure, caught where it began. */
class Bench {
  readonly device: DeviceHandle
  readonly #module: ModuleHandle
  readonly #held: { destroy(): void }[] = []

  constructor(device: DeviceHandle, module: ModuleHandle) {
    this.device = device
    this.#module = module
    this.#held.push(module)
  }

  get groups(): number {
    const { kind, coreCount } = this.device.info
    return Math.max(coreCount, 1) * (kind === 'cpu' ? 1 : 64)
  }

  async op(entry: string): Promise<OpHandle> {
    const op = this.#keep(take(await this.#module.createOp({ entry })))
    take(await op.settle())
    return op
  }

  async product(dtype: 'f32' | 'f16', size: number): Promise<OpHandle | null> {
    const made = await this.device.createBaseline(shapeSchema.parse({ m: size, n: size, k: size, dtype }))
    return made.ok ? this.#keep(made.value) : null
  }

  /** Written to: what was never written is one page of zeros, many times over. */
  buffer(bytes: number, dtype: 'f32' | 'f16' = 'f32'): BufferHandle {
    const buffer = this.#keep(take(this.device.createBuffer({ bytes })))
    const [pattern, patternBytes] = values[dtype]
    take(buffer.fill(BigInt(pattern), patternBytes))
    return buffer
  }

  /** The least time of one dispatch, ns. */
  async leastNs(dispatch: Dispatch): Promise<number> {
    const arms = [{ sets: [[dispatch]], iterations: 1 }]
    const taken = take(await this.device.run({ arms, mode: 'single', rounds: samples }))
    const times = taken.filter(({ isInvalid }) => !isInvalid).map(({ deviceNs }) => deviceNs)
    return Math.max(Math.min(...times), 1)
  }

  end(): void {
    if (this.device.isLost) return
    for (const one of this.#held.reverse()) one.destroy()
  }

  #keep<T extends { destroy(): void }>(one: T): T {
    this.#held.push(one)
    return one
  }
}

class Failure extends Error {
  readonly failure: Result<never>
  constructor(failure: Result<never>) {
    super('peaks could not be measured')
    this.failure = failure
  }
}

function take<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new Failure(fail(result.error))
}

const bytesOfU32 = (value: number) => new Uint8Array(new Uint32Array([value]).buffer)

/**
 * Measures what the device can do at most: reading and copying within each level of its caches and in memory, and fused
 * multiply-adds in registers or the device's own matrix product, whichever does more. Takes some tenths of a second.
 */
export async function measurePeaks(device: DeviceHandle): Promise<Result<Peaks>> {
  const module = await device.inTier('auto', () =>
    device.createModule({ source: peakSource, path: '/peaks.metal', check: false }),
  )
  if (!module.ok) return module
  const bench = new Bench(device, module.value)
  try {
    const levels = await bandwidths(bench, cacheLevels(device.info))
    const flopsPerSecond = { f32: await flops(bench, 'f32'), f16: await flops(bench, 'f16') }
    return ok({ measuredAt: new Date().toISOString(), levels, flopsPerSecond })
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown.failure
    throw thrown
  } finally {
    bench.end()
  }
}

async function bandwidths(bench: Bench, caches: readonly CacheLevel[]): Promise<Peaks['levels']> {
  const last = caches.at(-1)?.bytes ?? 0
  const asked = [
    ...caches.map((level) => ({ ...level, setBytes: level.bytes * cacheShare })),
    { name: 'memory', bytes: Number.POSITIVE_INFINITY, setBytes: Math.min(last * memoryFactor, mostMemoryBytes) },
  ]
  const kernels = [await bench.op('peak_read'), await bench.op('peak_copy')] as const
  const buffer = bench.buffer(Math.max(...asked.map(({ setBytes }) => setBytes)))
  const out = bench.buffer(bench.groups * rowBytes)
  const levels: Peaks['levels'] = []
  for (const { name, bytes, setBytes } of asked) {
    const read = await moving(bench, { op: kernels[0], setBytes, from: buffer, to: { index: 1, buffer: out } })
    const copy = await moving(bench, { op: kernels[1], setBytes: setBytes / 2, from: buffer, to: null })
    levels.push({ name, bytes, bytesPerSecond: Math.max(read, 2 * copy) })
  }
  // Whoever is nearer is at least as fast: only noise can say otherwise.
  for (let i = levels.length - 2; i >= 0; i--)
    levels[i]!.bytesPerSecond = Math.max(levels[i]!.bytesPerSecond, levels[i + 1]!.bytesPerSecond)
  return levels
}

/** Bytes of the set that are gone over in a second. Without `to`, a copy goes behind the set in its own buffer. */
async function moving(
  bench: Bench,
  { op, setBytes, from, to }: { op: OpHandle; setBytes: number; from: BufferHandle; to: Arg | null },
): Promise<number> {
  const { groups } = bench
  const unit = 2 * peakUnroll
  const rows = Math.max(Math.floor(setBytes / groups / rowBytes / unit), 1) * unit
  const moved = groups * rows * rowBytes
  const passes = Math.max(Math.ceil(leastMovedBytes / moved), 1)
  const target = to ?? { index: 1, buffer: from, offset: moved }
  const scalars = [rows, passes].map((value, i) => ({ index: 2 + i, bytes: bytesOfU32(value) }))
  const args = [{ index: 0, buffer: from }, target, ...scalars]
  const ns = await bench.leastNs({ op, args, grid: [groups, 1, 1], threads: [peakWidth, 1, 1] })
  return (moved * passes * 1e9) / ns
}

async function flops(bench: Bench, dtype: 'f32' | 'f16'): Promise<number> {
  const groups = 8 * bench.groups
  const threads = groups * peakWidth
  const bytes = threads * values[dtype][1]
  // A host's processor computes with halves as floats, and converts them.
  if (dtype === 'f16' && bench.device.info.kind === 'cpu') return productFlops(bench, dtype)
  const op = await bench.op(`peak_fma_${dtype}`)
  const buffers = [bench.buffer(bytes, dtype), bench.buffer(bytes, dtype)].map((buffer, index) => ({ index, buffer }))
  const args = [...buffers, { index: 2, bytes: bytesOfU32(fmaRounds) }]
  const ns = await bench.leastNs({ op, args, grid: [groups, 1, 1], threads: [peakWidth, 1, 1] })
  const inRegisters = (2 * peakUnroll * fmaRounds * threads * 1e9) / ns
  return Math.max(inRegisters, await productFlops(bench, dtype))
}

async function productFlops(bench: Bench, dtype: 'f32' | 'f16'): Promise<number> {
  const size = bench.device.info.kind === 'cpu' ? 512 : 4096
  const op = await bench.product(dtype, size)
  if (!op) return 0
  const buffers = [0, 1, 2].map((index) => ({ index, buffer: bench.buffer(size * size * values[dtype][1], dtype) }))
  const ns = await bench.leastNs({ op, args: buffers, grid: [1, 1, 1], threads: [1, 1, 1] })
  return (2 * size ** 3 * 1e9) / ns
}
