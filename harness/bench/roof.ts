import type { Device } from '#contract/device.ts'
import type { Roof } from '#contract/row.ts'
import type { Shape } from '#contract/shape.ts'
import { operandBytes } from '../catalog/shape-names.ts'
import { readsOutput } from '../verify/operands.ts'
import type { Peaks } from './peaks.ts'

/** How the operands lie when an arm comes to them. */
export interface RoofQuery {
  shape: Shape
  isCold: boolean
  /** How many times faster than the peaks a time must be to be called impossible: see roofMargin. */
  margin: number
}

/**
 * The least time for a shape: what must be computed at the peak, or what must be moved, whichever takes longer. Every
 * operand is read once and the output written once. Warm, as much of that as fits may be found in the fastest cache, as
 * much of the rest in the next one, and so on: no order of accesses does better. Cold, all of it comes from memory.
 */
export function roofOf(peaks: Peaks, { shape, isCold, margin }: RoofQuery): Roof {
  const { a, b, c, bias } = operandBytes(shape)
  const bytes = a + b + bias + c + (readsOutput(shape) ? c : 0)
  const flops = 2 * shape.batch * shape.m * shape.n * shape.k
  const { ns: memoryNs, level } = movingTime(bytes, isCold ? peaks.levels.slice(-1) : peaks.levels)
  const { f32, f16 } = peaks.flopsPerSecond
  // Halves may be summed up as floats.
  const flopsPerSecond = shape.dtype === 'f32' ? f32 : Math.max(f32, f16)
  const computeNs = (flops * 1e9) / flopsPerSecond
  return {
    leastNs: Math.max(memoryNs, computeNs),
    boundBy: memoryNs >= computeNs ? 'memory' : 'compute',
    bytes,
    flops,
    level,
    bytesPerSecond: (bytes * 1e9) / memoryNs,
    flopsPerSecond,
    measuredAt: peaks.measuredAt,
    margin,
  }
}

function movingTime(bytes: number, levels: Peaks['levels']): { ns: number; level: string } {
  let left = bytes
  let ns = 0
  let level = ''
  for (const one of levels) {
    if (left <= 0) break
    const here = Math.min(left, one.bytes)
    ns += (here * 1e9) / one.bytesPerSecond
    left -= here
    level = one.name
  }
  return { ns, level }
}

/**
 * Peaks are the best of a few samples. A GPU is the lab's alone while they are taken; of a host's processors a neighbour
 * may have had half.
 */
export function roofMargin(device: Pick<Device, 'kind'>): number {
  return device.kind === 'cpu' ? 2 : 1.25
}

/** Why a time cannot be true, in one sentence; null for one that can. */
export function impossible(name: string, medianNs: number, roof: Roof): string | null {
  if (medianNs * roof.margin >= roof.leastNs) return null
  const times = (roof.leastNs / medianNs).toFixed(1)
  const limit =
    roof.boundBy === 'memory'
      ? `${quantity(roof.bytes, 'B')} cannot be moved faster than at ${quantity(roof.bytesPerSecond, 'B/s')} from ${roof.level}`
      : `${quantity(roof.flops, 'FLOP')} cannot be computed faster than at ${quantity(roof.flopsPerSecond, 'FLOP/s')}`
  return `the ${name}'s time of ${(medianNs / 1e3).toPrecision(3)} µs is ${times} times as fast as this device can be: ${limit}, as the lab measured it; no time is shown`
}

function quantity(value: number, unit: string): string {
  const power = Math.min(Math.max(Math.floor(Math.log10(Math.max(value, 1)) / 3), 0), 4)
  return `${(value / 1000 ** power).toPrecision(3)} ${['', 'k', 'M', 'G', 'T'][power]}${unit}`
}
