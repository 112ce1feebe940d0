import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Shape, shapeSchema } from '#contract/shape.ts'
import { must, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { beginFixture, type RunFixture } from './run-fixture.ts'
import { RunSession } from './session.ts'
import { prepareTrial, runTrial } from './trial.ts'

const whyNoCpu = whyNoDevice(testLibrary(), 'cpu')
const fastTiers = ['leader', 'vector', 'auto'] as const
type FastTier = (typeof fastTiers)[number]

/**
 * Which tier takes which entry: `runs` with the bits of fiber, `bound` when fast math lets the compiler add in another
 * order (it splits a long sum over k in one build and not in the other), or the words in which it refuses.
 */
type Promise_ = 'runs' | 'bound' | RegExp
const noOperations = /no simdgroup operations/
const promised: Record<string, Record<FastTier, Promise_>> = {
  m1_dot_product: { leader: /calls simd_sum, .*m1_dot_product.metal:\d+/, vector: 'runs', auto: 'runs' },
  m1_dot_product_bias: { leader: /calls simd_sum, .*m1_dot_product.metal:\d+/, vector: 'runs', auto: 'runs' },
  sgemm_block_2d_8x8: { leader: /thread_index_in_threadgroup/, vector: 'runs', auto: 'runs' },
  sgemm_coalescing: { leader: noOperations, vector: 'runs', auto: 'runs' },
  sgemm_naive: { leader: noOperations, vector: 'runs', auto: 'runs' },
  sgemm_shared_mem_block: { leader: /thread_position_in_threadgroup/, vector: 'bound', auto: 'bound' },
  sgemm_tiled_simd1: { leader: /thread_index_in_simdgroup/, vector: 'runs', auto: 'runs' },
  sgemm_tiled_simd4: { leader: /thread_index_in_simdgroup/, vector: 'runs', auto: 'runs' },
}

/** Entries that differ from the others in more than the size of a tile, and shapes whose edges are cut: within 8×8 matrices, within tiles, and not at all. */
const files = [
  'm1_dot_product',
  'sgemm_block_tile',
  'sgemm_coalescing',
  'sgemm_naive',
  'sgemm_shared_mem_block',
  'sgemm_tiled_simd',
]
const entries = files.flatMap((file) => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'kernels', `${file}.launch.json`), 'utf8')
  const names = Object.keys(JSON.parse(text).entries).filter(
    (entry) => !/simd[28]$|block_[12]d_?(4x4|8x4|)$|f16$/.test(entry),
  )
  return names.map((entry) => ({ file, entry }))
})
const shapesOf = (entry: string): Shape[] =>
  (entry.startsWith('m1')
    ? [
        { m: 1, n: 96, k: 128, tB: true },
        { m: 2, n: 51, k: 67, tB: true },
      ].map((shape) => ({ ...shape, dtype: 'f16', bias: entry.endsWith('bias') }))
    : [
        { m: 64, n: 64, k: 64 },
        { m: 37, n: 43, k: 29 },
      ]
  ).map((shape) => shapeSchema.parse(shape))

describe.skipIf(whyNoCpu)('the tiers of the cpu device', () => {
  const fixtures = new Map<string, RunFixture>()
  beforeAll(() => {
    for (const tier of ['fiber', ...fastTiers]) fixtures.set(tier, beginFixture('cpu', { tier, threads: '2' }))
    for (const tier of ['fiber', 'vector']) {
      const fixture = beginFixture('cpu', { tier, threads: '2' })
      const { device } = fixture.context
      const createModule = device.createModule.bind(device)
      device.createModule = (request) => createModule({ ...request, mathMode: 'safe' })
      fixtures.set(`safe ${tier}`, fixture)
    }
  })
  afterAll(() => {
    for (const fixture of fixtures.values()) fixture.end()
  })

  async function outputOf(tier: string, target: string, shape: Shape) {
    const fixture = fixtures.get(tier) as RunFixture
    const session = must(RunSession.begin(fixture.context, fixture.hooks, { target, shape }))
    try {
      const op = await session.ops.open(session.shape)
      if (!op.ok) return { refusal: op.error }
      const trial = must(await prepareTrial(fixture.context, session.shape, { data: 'random', seed: 7 }))
      const { output, error } = must(await runTrial(fixture.context, trial, op.value))
      return { output, error, tiers: session.ops.tiers }
    } finally {
      session.end()
    }
  }

  it('promises something of every entry', () => {
    expect(entries.map(({ entry }) => entry).sort()).toEqual(Object.keys(promised).sort())
  })

  it.each(entries)('agree on $entry', { timeout: 120_000 }, async ({ file, entry }) => {
    const target = `kernels/${file}.metal:${entry}`
    for (const shape of shapesOf(entry)) {
      const truth = await outputOf('fiber', target, shape)
      expect(truth.tiers).toEqual(['fiber'])
      for (const tier of fastTiers) {
        const promise = promised[entry]?.[tier]
        const fast = await outputOf(tier, target, shape)
        if (promise instanceof RegExp) {
          expect([tier, fast.refusal?.kind]).toEqual([tier, 'unsupported'])
          expect(fast.refusal?.message).toMatch(promise)
          continue
        }
        expect([tier, fast.refusal]).toEqual([tier, undefined])
        if (tier !== 'auto') expect(fast.tiers).toEqual([tier])
        if (promise === 'runs') expect(fast.output).toEqual(truth.output)
        expect([tier, fast.error?.unwritten, (fast.error?.bound ?? 2) <= 1]).toEqual([tier, 0, true])
      }
    }
  })

  it.each(entries)('have the same bits for $entry in safe math', { timeout: 120_000 }, async ({ file, entry }) => {
    for (const shape of shapesOf(entry)) {
      const truth = await outputOf('safe fiber', `kernels/${file}.metal:${entry}`, shape)
      const fast = await outputOf('safe vector', `kernels/${file}.metal:${entry}`, shape)
      expect([truth.tiers, fast.tiers]).toEqual([['fiber'], ['vector']])
      expect(fast.output).toEqual(truth.output)
    }
  })
})
