import { afterEach, describe, expect, it } from 'vitest'
import { must, scaleSource, testDevice, testLibrary } from '../bridge/device-fixture.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { Dispatch } from '../bridge/run.ts'
import { defaultStopRules, type MeasureRequest, measureArms } from './measure.ts'

const library = testLibrary()
let device: DeviceHandle
afterEach(() => device.close())

async function request(options: Record<string, string>, more: Partial<MeasureRequest>): Promise<MeasureRequest> {
  device = testDevice(library, 'null', { latencyNs: '100000', ...options })
  const module = must(await device.createModule({ source: scaleSource, path: '/scale.metal' }))
  const op = must(await module.createOp({ entry: 'scale' }))
  const dispatch = (): Dispatch => ({
    op,
    args: [
      { index: 0, buffer: must(device.createBuffer({ bytes: 64 })) },
      { index: 1, buffer: must(device.createBuffer({ bytes: 64 })) },
      { index: 2, bytes: new Uint8Array(4) },
    ],
    grid: [1, 1, 1],
    threads: [16, 1, 1],
  })
  return {
    arms: [[dispatch()], [dispatch(), dispatch(), dispatch()]],
    mode: 'single',
    onProgress: () => true,
    ...more,
  }
}

async function measure(options: Record<string, string>, more: Partial<MeasureRequest> = {}) {
  const asked = await request(options, more)
  return measureArms(device, asked)
}

describe('measureArms', () => {
  it('takes the same number of samples of every arm and keeps them all', async () => {
    const measured = must(await measure({}))
    if ('invalidArm' in measured) throw new Error('the clock was fine')
    expect(measured.samples.map((samples) => samples.length)).toEqual([
      measured.samples[0]?.length,
      measured.samples[0]?.length,
    ])
    expect(measured.samples[0]?.length).toBeGreaterThanOrEqual(defaultStopRules.leastSamples)
    for (const sample of measured.samples.flat()) expect(sample.deviceNs).toBeGreaterThan(90_000)
  })

  it('stops when the medians are known, and says so', async () => {
    const measured = must(await measure({}))
    // The null device varies by ± 2 %: ten samples are seldom enough, a hundred always are.
    expect(measured).toMatchObject({ stop: 'converged' })
    expect('samples' in measured && measured.samples[0]?.length).toBeGreaterThanOrEqual(20)
  })

  it('stops at the sample cap, and at the time cap only after the least number of samples', async () => {
    const never = { ...defaultStopRules, convergedAt: 0 }
    const capped = must(await measure({}, { rules: { ...never, mostSamples: 15, budgetNs: 1e12 } }))
    expect(capped).toMatchObject({ stop: 'sample-cap' })
    expect('samples' in capped && capped.samples[0]?.length).toBe(15)
    device.close()
    const late = must(await measure({}, { rules: { ...never, budgetNs: 1 } }))
    expect(late).toMatchObject({ stop: 'time-cap' })
    expect('samples' in late && late.samples[0]?.length).toBe(10)
  })

  it('shares submissions among iterations in batched mode', async () => {
    const measured = must(await measure({}, { mode: 'batched' }))
    expect('iterations' in measured && Math.min(...measured.iterations)).toBeGreaterThanOrEqual(8)
  })

  it.each(['zero', 'negative'])('calls a %s clock invalid instead of a time', async (clock) => {
    expect(must(await measure({ clock }))).toEqual({ invalidArm: 0 })
  })

  it('hands on what the device fails with', async () => {
    expect(await measure({ run: 'fail' })).toMatchObject({ error: { kind: 'internal' } })
    device.close()
    expect(await measure({ run: 'lost' })).toMatchObject({ error: { kind: 'device-lost' } })
  })

  it('stops when asked to', async () => {
    expect(await measure({}, { onProgress: (done) => done < 10 })).toMatchObject({ error: { kind: 'cancelled' } })
  })
})
