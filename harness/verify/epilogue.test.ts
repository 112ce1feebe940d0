import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFileSchema } from '#contract/launch.ts'
import { type Activation, activations, type Shape, shapeSchema } from '#contract/shape.ts'
import { must, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { decodeElements, floatFormats, ulpAt } from './float-formats.ts'
import { beginFixture, type RunFixture } from './run-fixture.ts'
import { RunSession } from './session.ts'
import { prepareTrial, runTrial } from './trial.ts'

const folder = join(import.meta.dirname, '..', '..', 'kernels')
const whyNoCpu = whyNoDevice(testLibrary(), 'cpu')

/** The functions of kernels/epilogue.h as they are written down, in float64. GELU is its tanh form. */
const functions: Record<Activation, (x: number) => number> = {
  none: (x) => x,
  relu: (x) => Math.max(x, 0),
  gelu: (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  silu: (x) => x / (1 + Math.exp(-x)),
}

/** One kernel for each way in which a family stores its outputs. */
const kernels = [
  { library: 'm1_dot', entry: 'm1_dot_bn32_tg128_bk256', tB: true, n: 37 },
  { library: 'm1_columns', entry: 'm1_columns_bcast_bn128_tg256', tB: false, n: 37 },
  { library: 'm1_k_split', entry: 'm1_k_split_bn8_tg256', tB: true, n: 37 },
  { library: 'sgemm_tiled_simd', entry: 'sgemm_tiled_simd4_f16', tB: false, n: 37 },
  // Four neighbours at once.
  { library: 'sgemm_block_tile', entry: 'sgemm_block_2d_4x4_f16', tB: true, n: 36 },
]

const supports = { transposeA: false, smallK: true, smallMN: true, batch: true, bias: true, accumulate: true }
const manifest = {
  m1_optimized: kernels.map(({ library, entry, tB }) => ({
    name: library,
    library,
    supports: { ...supports, activation: true, transposeB: tB, functionName: entry },
  })),
}

/** Every launch beside a kernel that hands over an activation. */
const activated = readdirSync(folder)
  .filter((name) => name.endsWith('.launch.json'))
  .flatMap((name) =>
    Object.entries(launchFileSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))).launches)
      .filter(([, { constants }]) => constants['102'] !== undefined)
      .map(([launch, { constants, supports }]) => ({ name, launch, constants, supports })),
  )

it('is in the launch of every family but the one to begin with', () => {
  expect(new Set(activated.map(({ name }) => name)).size).toBe(
    readdirSync(folder).filter((name) => name.endsWith('.launch.json')).length - 1,
  )
})

it.each(activated)("$name: $launch hands over the shape's and says so", ({ constants, supports }) => {
  expect(constants['102']).toBe('act')
  expect(supports.activation).toBe(true)
})

describe.skipIf(whyNoCpu)('the epilogue', () => {
  let fixture: RunFixture
  beforeAll(() => {
    fixture = beginFixture('cpu')
    writeFileSync(fixture.manifestPath, JSON.stringify(manifest))
  })
  afterAll(() => fixture.end())

  /** What a variant makes of data whose products are exact, beside the exact products before the activation. */
  async function run(variant: string, asked: Partial<Shape>) {
    const { context, hooks } = fixture
    const shape = shapeSchema.parse({ m: 2, n: 36, k: 16, bias: true, beta: 0.5, ...asked })
    const session = must(RunSession.begin(context, hooks, { target: `m1_optimized/${variant}`, shape }))
    try {
      const op = must(await session.ops.open(session.shape))
      const trial = must(await prepareTrial(context, session.shape, { data: 'pm1', seed: 5 }))
      const { output } = must(await runTrial(context, trial, op))
      const before = must(await prepareTrial(context, { ...session.shape, act: 'none' }, { data: 'pm1', seed: 5 }))
      const truth = Array.from(before.truth.c, functions[shape.act])
      const wrong = truth.filter(
        (value, i) => !(Math.abs(value - trial.truth.c[i]!) <= 1e-12 * Math.abs(value) + 1e-15),
      )
      expect(wrong).toEqual([])
      return { values: decodeElements('f16', output), exact: before.truth.c }
    } finally {
      session.end()
    }
  }

  const cases = kernels.flatMap((kernel) => activations.map((act) => ({ ...kernel, act })))

  // 0.03125: values around 0, where the functions bend; 16: beyond the range of e^x in half, and nearly in float.
  it.each(cases)('$library with $act', async ({ library, act, tB, n }) => {
    for (const alpha of [0.03125, 16]) {
      const { values, exact } = await run(library, { tB, alpha, n, act })
      const off = Array.from(values, (value, i) => {
        const expected = functions[act](exact[i]!)
        return Math.abs(value - expected) / ulpAt(floatFormats.f16, expected)
      })
      // Half a unit of the rounding to half, and as much again for e^x in fast math.
      expect(Math.max(...off)).toBeLessThan(1)
      expect(Math.max(...exact) > 0 && Math.min(...exact) < 0).toBe(true)
    }
  })

  // In float this alpha is infinite: 0 · ∞ is not a number, and is none after any activation. One output and four at once.
  const bent = cases.filter(({ library, act }) => act !== 'none' && /^(m1_dot|sgemm_block_tile)$/.test(library))
  it.each(bent)('$library with $act keeps what is not a number', async (which) => {
    const { library, act, tB, n } = which
    const { values, exact } = await run(library, { tB, n, act, alpha: 1e39, bias: false, beta: 0 })
    expect(exact.filter((value) => value === 0).length).toBeGreaterThan(0)
    for (let i = 0; i < exact.length; i++) if (exact[i] === 0) expect(values[i]).toBeNaN()
  })
})
