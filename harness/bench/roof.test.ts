import { afterEach, describe, expect, it } from 'vitest'
import { shapeSchema } from '#contract/shape.ts'
import { must, testDevice, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import { checkRoof } from './check-roof.ts'
import type { Peaks } from './peaks.ts'
import { bestOf, peaksOf } from './peaks-store.ts'
import { impossible, roofOf } from './roof.ts'

const mebibyte = 2 ** 20
const peaks: Peaks = {
  measuredAt: '2026-01-02T03:04:05.000Z',
  levels: [
    { name: 'L2', bytes: mebibyte, bytesPerSecond: 100e9 },
    { name: 'L3', bytes: 32 * mebibyte, bytesPerSecond: 50e9 },
    { name: 'memory', bytes: Number.POSITIVE_INFINITY, bytesPerSecond: 10e9 },
  ],
  flopsPerSecond: { f32: 200e9, f16: 100e9 },
}

const roof = (shape: object, isCold = false) => roofOf(peaks, { shape: shapeSchema.parse(shape), isCold, margin: 1.25 })

describe('roofOf', () => {
  it('counts every operand and the output once, by the levels in which they can be', () => {
    const { a, b, c } = { a: 896 * 2, b: 896 * 4864 * 2, c: 4864 * 2 }
    const warm = roof({ m: 1, n: 4864, k: 896 })
    expect(warm).toMatchObject({ bytes: a + b + c, flops: 2 * 896 * 4864, boundBy: 'memory', level: 'L3' })
    expect(warm.leastNs).toBeCloseTo(mebibyte / 100 + (a + b + c - mebibyte) / 50, 6)
    expect(warm.bytesPerSecond).toBeCloseTo((warm.bytes * 1e9) / warm.leastNs, 3)
    const cold = roof({ m: 1, n: 4864, k: 896 }, true)
    expect(cold).toMatchObject({ level: 'memory', bytesPerSecond: 10e9 })
    expect(cold.leastNs).toBeCloseTo((a + b + c) / 10, 6)
  })

  it('counts bias, batches and an output that is read', () => {
    const one = roof({ m: 4, n: 8, k: 16, dtype: 'f32' }).bytes
    expect(one).toBe((4 * 16 + 16 * 8 + 4 * 8) * 4)
    expect(roof({ m: 4, n: 8, k: 16, dtype: 'f32', beta: 0.5 }).bytes).toBe(one + 4 * 8 * 4)
    expect(roof({ m: 4, n: 8, k: 16, dtype: 'f32', bias: true }).bytes).toBe(one + 8 * 4)
    expect(roof({ m: 4, n: 8, k: 16, dtype: 'f32', batch: 3 }).bytes).toBe(3 * one)
  })

  it('is the time to compute where that is longer, with halves as floats where that is faster', () => {
    const large = roof({ m: 1024, n: 1024, k: 1024, dtype: 'f16' })
    expect(large).toMatchObject({ boundBy: 'compute', flops: 2 ** 31, flopsPerSecond: 200e9 })
    expect(large.leastNs).toBeCloseTo(2 ** 31 / 200, 3)
  })
})

describe('impossible', () => {
  it('says what could not have been moved or computed, and lets pass what the margin covers', () => {
    const moved = roof({ m: 1, n: 4864, k: 896 }, true)
    expect(impossible('kernel', moved.leastNs / 1.2, moved)).toBeNull()
    expect(impossible('kernel', moved.leastNs / 3, moved)).toMatch(
      /the kernel's time of 291 µs is 3\.0 times as fast as this device can be: 8\.73 MB .* 10\.0 GB\/s from memory/,
    )
    const computed = roof({ m: 1024, n: 1024, k: 1024 })
    expect(impossible('baseline', computed.leastNs / 2, computed)).toMatch(/2\.15 GFLOP .* 200 GFLOP\/s/)
  })
})

describe('bestOf', () => {
  it('keeps the higher of each', () => {
    const slower = { ...peaks, flopsPerSecond: { f32: 300e9, f16: 1 } }
    expect(bestOf(peaks, slower)).toMatchObject({ flopsPerSecond: { f32: 300e9, f16: 100e9 }, levels: peaks.levels })
  })
})

const library = testLibrary()
const whyNoCpu = whyNoDevice(library, 'cpu')

describe('peaks of a device', () => {
  let device: DeviceHandle
  afterEach(() => device.close())

  it('are not asked of one whose clock counts nothing', async () => {
    device = testDevice(library, 'null')
    expect(must(await peaksOf(device, { power: 'unknown', again: false }))).toBeNull()
  })

  it.skipIf(whyNoCpu)('are measured once, higher the nearer, and once more for a time below them', async () => {
    device = testDevice(library, 'cpu', { threads: '1' })
    expect(device.info.coreCount).toBe(1)
    const shape = shapeSchema.parse({ m: 1, n: 4864, k: 896 })
    const query = { shape, isCold: true, power: 'a test' }
    const before = must(await peaksOf(device, { power: 'a test', again: false }))!
    expect(before.levels.at(-1)).toMatchObject({ name: 'memory' })
    for (const [i, { bytesPerSecond }] of before.levels.entries())
      expect(bytesPerSecond).toBeGreaterThanOrEqual(before.levels[i + 1]?.bytesPerSecond ?? 1e8)
    expect(before.flopsPerSecond.f32).toBeGreaterThan(1e8)
    const slow = must(await checkRoof(device, query, [{ name: 'kernel', medianNs: 1e12 }]))
    expect(slow).toMatchObject({ problem: null, roof: { measuredAt: before.measuredAt } })
    const fast = must(await checkRoof(device, query, [{ name: 'kernel', medianNs: 0.001 }]))
    expect(fast.problem).toMatch(/times as fast as this device can be/)
    expect(fast.roof?.measuredAt).not.toBe(before.measuredAt)
  })
})
