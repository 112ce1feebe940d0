import { describe, expect, it } from 'vitest'
import { launchSchema } from '#contract/launch.ts'
import type { Shape } from '#contract/shape.ts'
import { planLaunch, takesAlpha } from './plan-launch.ts'
import { resolveTarget } from './resolve-target.ts'
import type { LaunchPlan } from './types.ts'
import { expectValue, openFixture, shapeOf, supportsAll } from './workspace-fixture.ts'

function planOf(id: string, shape: Shape, rest: Record<string, unknown> = {}): LaunchPlan {
  const [backend = '', name = ''] = id.split('/')
  const variant = { name, library: 'lib', supports: supportsAll({ functionNameBias: 'f_bias' }), ...rest }
  const workspace = openFixture({
    'lib.metal': 'kernel void f() {}',
    'variants_enhanced.json': JSON.stringify({ [backend]: [variant] }),
  })
  return expectValue(planLaunch(expectValue(resolveTarget(workspace, id)), shape))
}

function bytesAt(plan: LaunchPlan, index: number): DataView {
  const arg = plan.args.find((candidate) => candidate.index === index)
  if (!arg || !('bytes' in arg)) throw new Error(`no bytes at ${index}`)
  return new DataView(arg.bytes.buffer, arg.bytes.byteOffset, arg.bytes.byteLength)
}

const rolesOf = (plan: LaunchPlan) =>
  plan.args.map((arg) =>
    'role' in arg ? `${arg.index}${arg.role}` : 'bytes' in arg ? `${arg.index}:${arg.bytes.length}` : `${arg.index}?`,
  )
const constantsOf = (plan: LaunchPlan) => Object.fromEntries(plan.constants.map(({ index, value }) => [index, value]))
const row = shapeOf({ m: 1, n: 896, k: 4864, tB: true })

describe('the m1 families', () => {
  it.each([
    ['nt', [7, 1, 1], 128],
    ['nt_bn64_col_bk128_tg32', [14, 1, 1], 32],
    ['nt_bn64_bn32_tg64', [28, 1, 1], 64],
    ['nt_bn128_tgread_bk64', [7, 1, 1], 128],
    ['nt_bn128_tg256_tgread', [7, 1, 1], 256],
    ['nt_ultra_tiny_single_tg32', [1, 1, 1], 32],
  ])('%s has grid %o of %i threads', (name, grid, threads) => {
    const plan = planOf(`m1_optimized_v4/${name}`, row)
    expect([plan.grid, plan.threads, plan.gridIsThreads]).toEqual([grid, [threads, 1, 1], false])
  })

  it('groups rows and repeats per batch entry', () => {
    expect(planOf('m1_optimized/nt_rows4_bn32', shapeOf({ m: 9, n: 65, k: 8, batch: 14 })).grid).toEqual([3, 3, 14])
  })

  it('hands over A B C m n k, and under bias the bias function with everything after it one later', () => {
    const plain = planOf('m1_optimized/nt', row)
    expect([plain.entry, rolesOf(plain)]).toEqual(['f', ['0A', '1B', '2C', '3:4', '4:4', '5:4']])
    expect([3, 4, 5].map((index) => bytesAt(plain, index).getUint32(0, true))).toEqual([1, 896, 4864])
    const bias = planOf('m1_optimized/nt', shapeOf({ ...row, bias: true }))
    expect([bias.entry, rolesOf(bias)]).toEqual(['f_bias', ['0A', '1B', '2C', '3bias', '4:4', '5:4', '6:4']])
    expect(bytesAt(bias, 6).getUint32(0, true)).toBe(4864)
  })

  it('lets dispatch say openly what the name says, and params win', () => {
    expect(planOf('m1_optimized/nt_bn64_tg32', row, { dispatch: { bn: 256 }, params: { tg: 96 } })).toMatchObject({
      grid: [4, 1, 1],
      threads: [96, 1, 1],
    })
  })
})

describe('the mlx family', () => {
  it.each([
    [{ m: 1, n: 896, k: 64 }, [7, 1, 1], [32, 4, 1]],
    [{ m: 16, n: 100, k: 64 }, [2, 1, 1], [32, 4, 1]],
    [{ m: 100, n: 16, k: 64 }, [1, 2, 1], [32, 1, 4]],
    [{ m: 17, n: 63, k: 64 }, [2, 1, 1], [32, 2, 2]],
    [{ m: 256, n: 300, k: 64, batch: 3 }, [20, 4, 3], [32, 2, 2]],
    [{ m: 255, n: 224, k: 64 }, [7, 8, 1], [32, 2, 2]],
    [{ m: 290, n: 256, k: 64 }, [16, 5, 1], [32, 2, 2]],
  ])('%o has grid %o of threads %o', (shape, grid, threads) => {
    const plan = planOf('mlx/baseline', shapeOf(shape))
    expect([plan.grid, plan.threads]).toEqual([grid, threads])
  })

  it('takes a tile override only when all five are given', () => {
    const tile = { tileBM: 64, tileBN: 32, tileBK: 8, warpM: 4, warpN: 1 }
    const shape = shapeOf({ m: 65, n: 65, k: 20 })
    const plan = planOf('mlx/own', shape, tile)
    expect([plan.grid, plan.threads, bytesAt(plan, 4).getInt32(60, true)]).toEqual([[3, 2, 1], [32, 1, 4], 2])
    expect(planOf('mlx/own', shape, { ...tile, warpN: undefined }).threads).toEqual([32, 2, 2])
  })

  it('lays params out in 72 bytes', () => {
    const plan = planOf('mlx/baseline', shapeOf({ m: 290, n: 256, k: 100, tB: true, batch: 2 }))
    const params = bytesAt(plan, 4)
    expect(params.byteLength).toBe(72)
    expect(Array.from({ length: 8 }, (_, at) => params.getInt32(at * 4, true))).toEqual([
      290, 256, 100, 100, 100, 256, 8, 10,
    ])
    expect([32, 40, 48].map((at) => Number(params.getBigUint64(at, true)))).toEqual([290 * 100, 256 * 100, 290 * 256])
    expect([56, 60, 64].map((at) => params.getInt32(at, true))).toEqual([1, 6, 1])
  })

  it('binds A B D, params and batch, with aligned tiles as constants', () => {
    const plan = planOf('mlx/baseline', shapeOf({ m: 32, n: 64, k: 33 }))
    expect(rolesOf(plan)).toEqual(['0A', '1B', '3C', '4:72', '6:4', '7:24'])
    expect(constantsOf(plan)).toEqual({ 10: 0, 100: 0, 110: 0, 120: 0, 200: 1, 201: 1, 202: 0, 300: 0 })
  })

  it('hands over C0 and addmm when there is something to add or scale', () => {
    const plan = planOf('mlx/baseline', shapeOf({ m: 32, n: 64, k: 32, batch: 2, alpha: 0.5, beta: 2 }))
    expect(rolesOf(plan)).toEqual(['0A', '1B', '2Cin', '3C', '4:72', '5:24', '6:4', '7:24'])
    const addmm = bytesAt(plan, 5)
    expect([
      addmm.getInt32(0, true),
      addmm.getInt32(4, true),
      Number(addmm.getBigUint64(8, true)),
      addmm.getFloat32(16, true),
      addmm.getFloat32(20, true),
    ]).toEqual([64, 1, 2048, 0.5, 2])
    expect(constantsOf(plan)).toMatchObject({ 10: 1, 100: 1, 110: 1 })
    expect(constantsOf(planOf('mlx/baseline', shapeOf({ m: 32, n: 64, k: 32, beta: 1 })))).toMatchObject({
      100: 1,
      110: 0,
    })
  })

  it('puts bias at 4 and the rest one later for the bias entry point', () => {
    const plan = planOf('mlx/baseline', shapeOf({ m: 32, n: 64, k: 32, bias: true, beta: 1 }))
    expect([plan.entry, rolesOf(plan)]).toEqual([
      'f_bias',
      ['0A', '1B', '2Cin', '3C', '4bias', '5:72', '6:24', '7:4', '8:24'],
    ])
    expect(constantsOf(plan)[120]).toBe(1)
  })

  it('hands B over in the overridden layout whatever the shape says', () => {
    const plan = planOf('mlx/nn', shapeOf({ m: 1, n: 896, k: 64, tB: true }), { transposeBOverride: false })
    expect([plan.isBTransposed, bytesAt(plan, 4).getInt32(16, true)]).toEqual([false, 896])
    expect(planOf('mlx/nn', shapeOf({ m: 1, n: 896, k: 64, tB: true })).isBTransposed).toBe(true)
  })
})

describe('a declared signature', () => {
  const launch = (args: object[]) => ({ threadgroups: [1, 1, 1], threads: [32, 1, 1], args })
  const withArgs = (args: object[], shape: Partial<Shape> = {}) =>
    planOf('mine/any', shapeOf({ m: 3, n: 8, k: 5, batch: 2, ...shape }), { launch: launch(args) })

  it('hands C0 to C, read only, where there is a D to write to', () => {
    const args = [
      { index: 0, role: 'A' },
      { index: 1, role: 'B' },
      { index: 2, role: 'C' },
      { index: 3, role: 'D' },
    ]
    const separate = withArgs(args, { beta: 1 })
    expect([rolesOf(separate), separate.isOutputSeparate]).toEqual([['0A', '1B', '2Cin', '3C'], true])
    const inPlace = withArgs(args.slice(0, 3), { beta: 1 })
    expect([rolesOf(inPlace), inPlace.isOutputSeparate]).toEqual([['0A', '1B', '2C'], false])
    const byShape = [...args.slice(0, 2), { ...args[2], when: 'beta != 0' }, args[3]] as object[]
    expect(rolesOf(withArgs(byShape))).toEqual(['0A', '1B', '3C'])
  })

  it('knows scalars by name, in the type that the kernel takes', () => {
    const plan = withArgs(
      [
        { index: 0, role: 'K' },
        { index: 1, role: 'M', type: 'i64' },
        { index: 2, role: 'lda' },
        { index: 3, role: 'ldd', type: 'u16' },
        { index: 4, role: 'alpha' },
        { index: 5, role: 'batch' },
        { index: 6, role: 'ldb', when: 'tB' },
      ],
      { alpha: 0.5, tA: true },
    )
    expect(rolesOf(plan)).toEqual(['0:4', '1:8', '2:4', '3:2', '4:4', '5:4'])
    expect(bytesAt(plan, 0).getUint32(0, true)).toBe(5)
    expect(bytesAt(plan, 1).getBigInt64(0, true)).toBe(3n)
    expect(bytesAt(plan, 2).getUint32(0, true)).toBe(3)
    expect(bytesAt(plan, 3).getUint16(0, true)).toBe(8)
    expect(bytesAt(plan, 4).getFloat32(0, true)).toBe(0.5)
    expect(bytesAt(plan, 5).getUint32(0, true)).toBe(2)
  })

  it('is refused an alpha that it does not hand over, and says so itself where it has its own word', () => {
    const shape = shapeOf({ m: 32, n: 64, k: 32, alpha: 0.5 })
    expect(() => planOf('m1_optimized/nt', shape)).toThrow('alpha not supported by the launch declaration')
    expect(planOf('mlx/baseline', shape).grid).toHaveLength(3)
    const silent = { args: [], threadgroups: [1, 1, 1], threads: [1, 1, 1] }
    const takes = (more: object) => takesAlpha(launchSchema.parse({ ...silent, ...more }))
    expect([
      takes({}),
      takes({ args: [{ index: 0, role: 'alpha' }] }),
      takes({ constants: { 3: 'alpha != 1' } }),
    ]).toEqual([false, true, true])
    expect([
      takes({ supports: { alpha: true } }),
      takes({ derived: { s: 'alpha' }, supports: { alpha: false } }),
    ]).toEqual([true, false])
  })

  it('has one output', () => {
    const twice = [0, 1].map((index) => ({ index, role: 'D' }))
    expect(() => withArgs(twice)).toThrow('args bind the output 2 times for this shape')
  })
})

describe('other launches', () => {
  it('drives gemv, and refuses it more than one row', () => {
    const plan = planOf('gemv/baseline', row)
    expect(rolesOf(plan)).toEqual(['0B', '1A', '2C', '3:8'])
    expect([bytesAt(plan, 3).getUint32(0, true), bytesAt(plan, 3).getUint32(4, true)]).toEqual([4864, 896])
    expect(() => planOf('gemv/baseline', shapeOf({ m: 2, n: 8, k: 8 }))).toThrow('m=2 but at most 1 is allowed')
  })

  const launch = {
    args: [
      { index: 0, role: 'A' },
      { index: 5, scratchBytes: 'm * n * 4' },
    ],
    gridThreads: ['n', 'm', 1],
    threads: ['W', 1, 1],
    params: { W: 32 },
    threadgroupMemory: [{ index: 0, bytes: 'W * 4' }],
    constants: { USE: 'tB', scale: 0.5 },
  }

  it('takes a declaration of the manifest for any backend', () => {
    const plan = planOf('mine/any', shapeOf({ m: 3, n: 8, k: 8, tB: true }), { launch, params: { W: 64 } })
    expect(plan).toEqual({
      entry: 'f',
      grid: [8, 3, 1],
      gridIsThreads: true,
      threads: [64, 1, 1],
      threadgroupMemory: [{ index: 0, bytes: 256 }],
      constants: [
        { name: 'USE', type: 'i32', value: 1 },
        { name: 'scale', type: 'f32', value: 0.5 },
      ],
      args: [
        { index: 0, role: 'A' },
        { index: 5, scratchBytes: 96 },
      ],
      isOutputSeparate: false,
      isATransposed: false,
      isBTransposed: true,
    })
  })

  it('limits derived names as it does those of the shape', () => {
    const limited = { ...launch, derived: { tiles: 'ceilDiv(n, W)' }, requires: { tiles: { max: 2 } } }
    expect(planOf('mine/any', shapeOf({ m: 3, n: 64, k: 8 }), { launch: limited }).entry).toBe('f')
    expect(() => planOf('mine/any', shapeOf({ m: 3, n: 65, k: 8 }), { launch: limited })).toThrow(
      'tiles=3 but at most 2 is allowed',
    )
  })

  it('limits the layout in which B is handed over by a derived name, whatever the shape says', () => {
    const byOutput = { ...launch, derived: { b_is_n_by_k: 'tB' }, requires: { b_is_n_by_k: { min: 1 } } }
    const asStored = shapeOf({ m: 3, n: 8, k: 8 })
    const planned = (rest: object) => planOf('mine/any', asStored, { launch: byOutput, ...rest }).isBTransposed
    expect(() => planned({})).toThrow('b_is_n_by_k=0 but at least 1 is required')
    expect(planned({ transposeBOverride: true })).toBe(true)
    expect(planOf('mine/any', { ...asStored, tB: true }, { launch: byOutput }).isBTransposed).toBe(true)
    const overridden = { launch: byOutput, transposeBOverride: false }
    expect(() => planOf('mine/any', { ...asStored, tB: true }, overridden)).toThrow('b_is_n_by_k=0')
  })

  it.each([
    [{ threads: ['n / 3', 1, 1] }, 'threads.x is 2.6666666666666665'],
    [{ threads: ['NOPE', 1, 1] }, 'threads.x: formula "NOPE", column 1: unknown name \'NOPE\''],
    [{ gridThreads: undefined }, 'exactly one of threadgroups and gridThreads'],
    [{ threadgroups: [1, 1, 1] }, 'exactly one of threadgroups and gridThreads'],
    [
      {
        args: [
          { index: 0, role: 'A' },
          { index: 0, role: 'B' },
        ],
      },
      'args give index 0 twice',
    ],
    [{ args: [{ index: 0, type: 'u8', value: 'n * 100' }] }, 'args index 0, field 0: 800 does not fit u8 (0 to 255)'],
    [{ args: [{ index: 0, type: 'i32', value: 'n / 3' }] }, 'is not an integer'],
    [{ dtype: 'f32' }, 'dtype=f16 but the kernel is f32'],
  ])('refuses %o, saying where', (change, message) => {
    expect(() => planOf('mine/any', shapeOf({ m: 3, n: 8, k: 8 }), { launch: { ...launch, ...change } })).toThrow(
      message,
    )
  })

  it('says what to add when nothing drives a backend', () => {
    expect(() => planOf('mine/any', row)).toThrow('give mine/any a "launch", or declare the entry in lib.launch.json')
  })
})
