import { afterEach, describe, expect, it } from 'vitest'
import { must, scaleSource, testDevice, testLibrary } from '../bridge/device-fixture.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { Dispatch, RunRequest } from '../bridge/run.ts'
import { type MeasureRequest, measureArms, orderOf } from './measure.ts'
import { defaultStopRules } from './stop-rules.ts'

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
    changes: 'iteration',
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
    expect(measured.samples[0]?.length).toBeGreaterThanOrEqual(defaultStopRules.leastRounds)
    for (const sample of measured.samples.flat()) expect(sample.deviceNs).toBeGreaterThan(90_000)
  })

  it('stops when ratio and medians are known, but not before the machine had time to change', async () => {
    const measured = must(await measure({}))
    expect(measured).toMatchObject({ stop: 'converged' })
    expect('samples' in measured && measured.samples[0]?.length).toBeGreaterThanOrEqual(5 * 2 * 15)
  })

  it('stops at the sample cap, and at the time cap only after the least number of rounds', async () => {
    const never = { ...defaultStopRules, convergedAt: 0 }
    const capped = must(await measure({}, { rules: { ...never, mostRounds: 16, budgetNs: 1e12 } }))
    expect(capped).toMatchObject({ stop: 'sample-cap' })
    expect('samples' in capped && capped.samples[0]?.length).toBe(16)
    device.close()
    const slow = { latencyNs: '50000000' }
    const late = must(await measure(slow, { rules: { ...never, budgetNs: 1, longBudgetNs: 1 } }))
    expect(late).toMatchObject({ stop: 'time-cap' })
    expect('samples' in late && late.samples[0]?.length).toBe(10)
  })

  it('goes on for longer where few rounds leave the verdict open', async () => {
    const measured = must(await measure({ latencyNs: '50000000', jitter: '0.3' }))
    expect(measured).toMatchObject({ stop: 'time-cap' })
    expect('samples' in measured && measured.samples[0]?.length).toBeGreaterThan(20)
  })

  it('shares submissions among iterations in batched mode', async () => {
    const measured = must(await measure({}, { mode: 'batched' }))
    expect('iterations' in measured && measured.iterations).toBeGreaterThanOrEqual(8)
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

describe('orderOf', () => {
  it('gives both arms the outer and the inner places, by lot', () => {
    expect([orderOf(2, 0), orderOf(2, 1)]).toEqual([
      [0, 1, 1, 0],
      [1, 0, 0, 1],
    ])
    expect(orderOf(1, 1)).toEqual([0, 0])
  })

  it('is drawn anew for every chunk', async () => {
    let draws = 0
    const measured = must(await measure({}, { drawLot: () => (draws++ % 2 === 0 ? 0 : 1) }))
    if ('invalidArm' in measured) throw new Error('the clock was fine')
    const { samples, plan } = measured
    const chunks = samples[0]!.length / plan.roundsPerLot
    // Two draws are the warm-up's.
    expect(draws).toBe(chunks + 2)
    expect(chunks).toBeGreaterThanOrEqual(defaultStopRules.convergeChunks)
  })

  it('is drawn for single rounds where nine twos would take longer than a measurement may', async () => {
    const measured = must(await measure({ latencyNs: '150000000' }))
    expect(measured).toMatchObject({ plan: { roundsPerLot: 1 } })
    expect('samples' in measured && measured.samples[0]?.length).toBeGreaterThanOrEqual(defaultStopRules.leastRounds)
  })
})

describe('places in memory', () => {
  it('are taken in turn, one a chunk and the same by both arms', async () => {
    const dispatches = Array.from({ length: 3 }, (_, set) => ({ set }) as unknown as Dispatch)
    const taken: number[] = []
    const run = async ({ arms, rounds }: RunRequest) => {
      const used = new Set(arms.flatMap(({ sets }) => sets.map((set) => (set[0] as unknown as { set: number }).set)))
      expect([used.size, arms.length]).toEqual([1, 4])
      taken.push([...used][0]!)
      const sample = (arm: number) => ({ arm, iterations: 1, deviceNs: 100_000, encodeNs: 0, commitNs: 0 })
      return { ok: true, value: Array.from({ length: rounds }, () => arms.map((_, arm) => sample(arm))).flat() }
    }
    const device = { info: { kind: 'null', timeDomain: 'none' }, run } as unknown as DeviceHandle
    const measured = must(
      await measureArms(device, {
        arms: [dispatches, dispatches],
        changes: 'chunk',
        mode: 'single',
        onProgress: () => true,
      }),
    )
    expect(measured).toMatchObject({ plan: { places: 3 } })
    // Two were the warm-up's; then lot i is of place i mod 3.
    expect(taken.slice(2)).toEqual(taken.slice(2).map((_, chunk) => chunk % 3))
    expect(taken.length).toBeGreaterThan(2 + defaultStopRules.convergeChunks - 1)
  })
})

describe('cold rotation', () => {
  it.each([
    [1, 1],
    [8, 1],
    [1, 8],
    [20, 3],
    [40, 40],
  ])('finds nothing in the cache where a tenth of a millisecond is %i and %i iterations', async (...iterations) => {
    const [sets, fits] = [100, 66]
    const cache = new LeastRecentlyUsed(fits)
    const touched = [0, 0]
    const dispatches = Array.from({ length: sets }, (_, set) => ({ set }) as unknown as Dispatch)
    // A device that takes the time which asks for so many iterations, and touches what it is given.
    const info = { kind: 'null', timeDomain: 'none' }
    const run = async ({ arms, rounds, hasOneRotation }: RunRequest) => {
      expect(hasOneRotation).toBe(true)
      let done = 0
      const samples = Array.from({ length: rounds }, () =>
        arms.map((arm, place) => {
          for (let i = 0; i < arm.iterations; i++, done++) {
            const { set } = arm.sets[done % sets]![0] as unknown as { set: number }
            touched[cache.touch(set) ? 1 : 0]!++
          }
          const ns = 100_000 / iterations[place === 0 || place === 3 ? 0 : 1]!
          return { arm: place, iterations: arm.iterations, deviceNs: ns * arm.iterations, encodeNs: 0, commitNs: 0 }
        }),
      )
      return { ok: true, value: samples.flat() }
    }
    must(
      await measureArms({ info, run } as unknown as DeviceHandle, {
        arms: [dispatches, dispatches],
        changes: 'iteration',
        mode: 'single',
        onProgress: () => true,
      }),
    )
    expect(touched[0]).toBeGreaterThan(1000)
    expect(touched[1]).toBe(0)
  })
})

/** A cache of whole sets. */
class LeastRecentlyUsed {
  readonly #kept = new Set<number>()
  readonly #size: number

  constructor(size: number) {
    this.#size = size
  }

  /** True when it was there. */
  touch(set: number): boolean {
    const wasThere = this.#kept.delete(set)
    this.#kept.add(set)
    if (this.#kept.size > this.#size) this.#kept.delete(this.#kept.values().next().value as number)
    return wasThere
  }
}
