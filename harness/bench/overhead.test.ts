import { afterEach, describe, expect, it } from 'vitest'
import type { Mode } from '#contract/row.ts'
import { must, scaleSource, testDevice, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import { measureOverhead, type Overhead, resolveSlope, slopeOf } from './overhead.ts'

const library = testLibrary()
const whyNoCpu = whyNoDevice(library, 'cpu')
let device: DeviceHandle
afterEach(() => device.close())

async function overheadOn(id: string, options: Record<string, string>, asked: { mode: Mode; dispatchNs?: number[] }) {
  device = testDevice(library, id, options)
  const module = must(await device.createModule({ source: scaleSource, path: '/scale.metal' }))
  const op = must(await module.createOp({ entry: 'scale' }))
  const buffer = (index: number) => ({ index, buffer: must(device.createBuffer({ bytes: 64 })) })
  const dispatch = {
    op,
    args: [buffer(0), buffer(1), { index: 2, bytes: new Uint8Array(4) }],
    grid: [1, 1, 1],
    threads: [16, 1, 1],
  } as const
  const dispatchNs = asked.dispatchNs ?? [1000]
  return must(await measureOverhead(device, { arms: dispatchNs.map(() => [dispatch]), mode: asked.mode, dispatchNs }))
}

const estimateOf = (overhead: Overhead | null | undefined) =>
  overhead && 'estimate' in overhead ? overhead.estimate : undefined

describe('measureOverhead', () => {
  it.each([
    ['single', 3700, 'every dispatch is a submission'],
    ['batched', 700, 'a submission is shared'],
    ['graph', 0, 'what is replayed was encoded before'],
  ] as const)('is the slope in %s mode: %i ns, because %s', async (mode, ns, _) => {
    const [overhead] = await overheadOn('null', { encodeNs: '700', commitNs: '3000' }, { mode })
    for (const side of ['value', 'low', 'high'] as const) expect(estimateOf(overhead)?.[side]).toBeCloseTo(ns, 6)
  })

  it('gives an arm that takes too long none, and the other one its own', async () => {
    const options = { encodeNs: '700', commitNs: '3000' }
    const overheads = await overheadOn('null', options, { mode: 'batched', dispatchNs: [1e9, 1000] })
    expect(overheads).toEqual([null, { estimate: { value: 700, low: 700, high: 700 } }])
    device.close()
    expect(await overheadOn('null', options, { mode: 'batched', dispatchNs: [1e9] })).toEqual([null])
  })

  it.skipIf(whyNoCpu)('is there on the cpu device, and shorter than the whole dispatch', async () => {
    const [overhead] = await overheadOn('cpu', {}, { mode: 'batched' })
    // What a machine with neighbours resolves is not for a test to say.
    if (overhead && 'unresolved' in overhead) return expect(overhead.unresolved).toMatch(/^not resolved/)
    const { value, low, high } = estimateOf(overhead)!
    expect(value).toBeGreaterThan(0)
    expect(value).toBeLessThan(1e6)
    expect(low).toBeLessThanOrEqual(high)
  })
})

describe('resolveSlope', () => {
  const counts = [1, 2, 4, 8, 16, 32]
  const rounds = Array.from({ length: 24 }, (_, round) => round)
  /** T(N) = 5000 + 400 N and what a round adds to it. */
  const timesOf = (added: (round: number, count: number) => number) =>
    counts.map((count) => ({ count, hostNs: rounds.map((round) => 5000 + 400 * count + added(round, count)) }))

  it('looks past rounds that a neighbour disturbed', () => {
    const spikes = (round: number, count: number) => ((round * 7 + count) % 3 === 0 ? 300_000 : (round * 5) % 7)
    const { value, low, high } = estimateOf(resolveSlope(timesOf(spikes)))!
    expect(value).toBeCloseTo(400, -1)
    expect(low).toBeGreaterThan(390)
    expect(high).toBeLessThan(410)
  })

  it('resolves no slope below 0, and none whose interval is wider than itself', () => {
    expect(resolveSlope(timesOf((_, count) => -500 * count))).toMatchObject({
      unresolved: expect.stringMatching(/-100 ns/),
    })
    const wild = (round: number, count: number) => ((round * 7919 + count * 104729) % 1009) * 1000
    expect(resolveSlope(timesOf(wild))).toHaveProperty('unresolved')
  })
})

describe('slopeOf', () => {
  it('is that of the line through the points', () => {
    expect(
      slopeOf([
        [1, 5],
        [2, 7],
        [4, 11],
      ]),
    ).toBeCloseTo(2, 12)
    expect(
      slopeOf([
        [1, 4],
        [2, 7],
        [3, 8],
      ]),
    ).toBeCloseTo(2, 12)
  })
})
