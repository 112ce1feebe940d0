import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Shape, shapeSchema } from '#contract/shape.ts'
import { must, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { beginFixture, type RunFixture } from './run-fixture.ts'
import { RunSession } from './session.ts'
import { prepareTrial, runTrial } from './trial.ts'

const whyNoCpu = whyNoDevice(testLibrary(), 'cpu')
const fastTiers = ['leader', 'vector', 'auto']

/** Entries that differ from the others in more than the size of a tile, and shapes whose edges are cut: within 8×8 matrices, within tiles, and not at all. */
const files = ['m1_dot_product', 'sgemm_coalescing', 'sgemm_naive', 'sgemm_shared_mem_block', 'sgemm_tiled_simd']
const entries = files.flatMap((file) => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'kernels', `${file}.launch.json`), 'utf8')
  const names = Object.keys(JSON.parse(text).entries).filter((entry) => !/simd[28]$/.test(entry))
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
      return { output, error, tiers: session.ops.tiers, reason: op.value.op.info.tierReason }
    } finally {
      session.end()
    }
  }

  it.each(entries)('agree on $entry', { timeout: 120_000 }, async ({ file, entry }) => {
    const target = `kernels/${file}.metal:${entry}`
    for (const shape of shapesOf(entry)) {
      const truth = await outputOf('fiber', target, shape)
      expect(truth.tiers).toEqual(['fiber'])
      for (const tier of fastTiers) {
        const fast = await outputOf(tier, target, shape)
        if (fast.refusal) {
          // A tier that cannot take the kernel says why; auto always runs.
          expect([tier, fast.refusal.kind]).toEqual([tier, 'unsupported'])
          expect(fast.refusal.message).toMatch(/: |kernel/)
          expect(tier).not.toBe('auto')
          continue
        }
        if (tier !== 'auto') expect(fast.tiers).toEqual([tier])
        // Tiers that compute in the same order have the same bits; none may be further off than the derived bound.
        if (tier === 'leader') expect(fast.output).toEqual(truth.output)
        expect([tier, fast.error?.unwritten, (fast.error?.bound ?? 2) <= 1]).toEqual([tier, 0, true])
      }
    }
  })
})
