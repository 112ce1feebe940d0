import { freemem } from 'node:os'
import { fail, ok, type Result } from '#contract/error.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import { operandBytes } from '../catalog/shape-names.ts'
import { readsOutput } from './operands.ts'

/** Bytes that a run takes at once. */
export interface MemoryNeed {
  /** Largest single buffer. */
  largest: number
  device: number
  host: number
}

/** What is there. Null is not known. */
export interface MemoryLimits {
  maxBufferBytes: number
  workingSetBytes: number
  hostFreeBytes: number
  sharesHostMemory: boolean
}

/**
 * Memory for one shape: `sets` copies of the operands with `outputs` outputs each on the device, and on the host the
 * operands (once more, transposed, where a kernel wants another layout) with the float64 truth.
 */
export function memoryNeed(shape: Shape, run: { sets: number; outputs: number }): MemoryNeed {
  const { a, b, c, bias } = operandBytes(shape)
  const inputs = a + b + bias + (readsOutput(shape) ? c : 0)
  const truth = shape.batch * shape.m * shape.n * 16
  return { largest: Math.max(a, b, c), device: run.sets * (inputs + run.outputs * c), host: 2 * inputs + 2 * c + truth }
}

/** Refuses, before anything is allocated, what would not fit: `unsupported`, with what is needed and what is there. */
export function checkMemory(shape: Shape, need: MemoryNeed, limits: MemoryLimits): Result<void> {
  const refuse = (what: string, needed: number, available: number): Result<void> =>
    fail({
      kind: 'unsupported',
      message: `${formatShape(shape)} needs ${formatBytes(needed)} ${what}; there are ${formatBytes(available)}. ${operandSizes(shape)}`,
    })
  const { maxBufferBytes, workingSetBytes, hostFreeBytes } = limits
  if (maxBufferBytes > 0 && need.largest > maxBufferBytes) return refuse('in one buffer', need.largest, maxBufferBytes)
  if (workingSetBytes > 0 && need.device > workingSetBytes)
    return refuse('of device memory', need.device, workingSetBytes)
  const onHost = need.host + (limits.sharesHostMemory ? need.device : 0)
  if (onHost > hostFreeBytes) return refuse('of memory', onHost, hostFreeBytes)
  return ok(undefined)
}

/** What the float64 truth may cost: one to two minutes of a processor, which cannot be interrupted. */
const truthFlopLimit = 2.5e11

/** Refuses a shape that does not fit the memory there is now, or whose truth would take too long: `unsupported`. */
export function checkShape(device: DeviceHandle, shape: Shape, run: { sets: number; outputs: number }): Result<void> {
  const flops = 2 * shape.batch * shape.m * shape.n * shape.k
  const fits = checkMemory(shape, memoryNeed(shape, run), memoryLimits(device))
  if (!fits.ok || flops <= truthFlopLimit) return fits
  const giga = (count: number) => `${(count / 1e9).toFixed(0)} GFLOP`
  return fail({
    kind: 'unsupported',
    message: `${formatShape(shape)} takes ${giga(flops)}; results are checked against a float64 product on the host, which is limited to ${giga(truthFlopLimit)}`,
  })
}

/** What an allocation that failed all the same means: a limit that cannot be asked for beforehand. Other throws pass. */
export function outOfMemory(shape: Shape, thrown: unknown): Result<never> {
  if (!(thrown instanceof RangeError)) throw thrown
  const { host, device } = memoryNeed(shape, { sets: 1, outputs: 1 })
  return fail({
    kind: 'unsupported',
    message: `${formatShape(shape)} needs ${formatBytes(host + device)} of memory, and that could not be had (${thrown.message}). ${operandSizes(shape)}`,
  })
}

/** The limits of a device now. */
export function memoryLimits(device: DeviceHandle): MemoryLimits {
  const { maxBufferBytes, workingSetBytes, kind, hasUnifiedMemory } = device.info
  // availableMemory (Node 22) also knows of a container's limit.
  const hostFreeBytes = process.availableMemory?.() ?? freemem()
  return {
    maxBufferBytes,
    workingSetBytes,
    hostFreeBytes,
    sharesHostMemory: hasUnifiedMemory || kind === 'cpu' || kind === 'null',
  }
}

function operandSizes(shape: Shape): string {
  const { a, b, c } = operandBytes(shape)
  return `A is ${formatBytes(a)}, B ${formatBytes(b)}, C ${formatBytes(c)}.`
}

/** `2.03 GiB` */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1)
  return power === 0 ? `${bytes} B` : `${(bytes / 1024 ** power).toFixed(2)} ${units[power]}`
}
