import { afterEach, describe, expect, it, vi } from 'vitest'
import { ok } from '#contract/error.ts'
import { rowSchema } from '#contract/row.ts'
import { shapeSchema } from '#contract/shape.ts'
import { testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { beginFixture, type RunFixture } from '../verify/run-fixture.ts'
import type { TimedArm } from './check-roof.ts'
import type { RoofQuery } from './roof.ts'
import { runBench } from './run-bench.ts'

/** A device that moves a byte in a second: every time is beyond its roof. */
const held: { query: Omit<RoofQuery, 'margin'>; arms: readonly TimedArm[] }[] = []
vi.mock('./check-roof.ts', async () => {
  const { impossible, roofOf } = await import('./roof.ts')
  const peaks = {
    measuredAt: '2026-01-02T03:04:05.000Z',
    levels: [{ name: 'memory', bytes: Number.POSITIVE_INFINITY, bytesPerSecond: 1 }],
    flopsPerSecond: { f32: 1e12, f16: 1e12 },
  }
  return {
    checkRoof: async (_: unknown, query: Omit<RoofQuery, 'margin'>, arms: readonly TimedArm[]) => {
      held.push({ query, arms })
      const roof = roofOf(peaks, { ...query, margin: 1.25 })
      return ok({ roof, problem: impossible(arms[0]!.name, arms[0]!.medianNs, roof) })
    },
  }
})

const whyNoCpu = whyNoDevice(testLibrary(), 'cpu')

describe.skipIf(whyNoCpu)('a time that the device cannot have reached', () => {
  let fixture: RunFixture
  afterEach(() => fixture.end())

  it('makes the row invalid: it says why, and has no time', async () => {
    fixture = beginFixture('cpu')
    const shape = shapeSchema.parse({ m: 1, n: 96, k: 128, tB: true })
    const request = { target: 'm1/plain', shape, mode: 'single', isCold: false, data: 'random', seed: 1 } as const
    const row = await runBench(fixture.context, request, fixture.hooks)
    expect(rowSchema.parse(JSON.parse(JSON.stringify(row)))).toEqual(row)
    expect(row).toMatchObject({ status: 'invalid', roof: { boundBy: 'memory', bytesPerSecond: 1 } })
    expect(row.reason).toMatch(/the kernel's time of .* times as fast as this device can be: .* 1\.00 B\/s from memory/)
    expect([row.kernel, row.ratio, row.verdict]).toEqual([undefined, undefined, undefined])
    expect(held[0]?.query).toMatchObject({ shape: row.shape, isCold: false })
    expect(held[0]?.arms[0]?.name).toBe('kernel')
    expect(held[0]?.arms[0]?.medianNs).toBeGreaterThan(0)
  })
})
