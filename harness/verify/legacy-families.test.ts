import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Launch, launchSchema } from '#contract/launch.ts'
import { formatShape, type Shape, shapeSchema } from '#contract/shape.ts'
import { must, testDevice, testLibrary, whyNoAnalysis } from '../bridge/device-fixture.ts'
import { planLaunch } from '../catalog/plan-launch.ts'
import { resolveTarget } from '../catalog/resolve-target.ts'
import type { ResolvedKernel } from '../catalog/types.ts'
import { openFixture, supportsAll } from '../catalog/workspace-fixture.ts'
import { judgeOutcome } from './gates.ts'
import { judgeOutput } from './judge-output.ts'
import { KernelOps } from './kernel-ops.ts'
import { effectiveShape } from './operands.ts'
import { runVerify } from './run-verify.ts'
import { prepareTrial } from './trial.ts'
import type { RunContext } from './types.ts'
import { watchedChecks, watchTrial } from './watch.ts'

const whyNot = whyNoAnalysis(testLibrary(), 'cpu')

/** The signature of backend mlx. All of it is used, and what is said twice must agree: else no output is written. */
const mlxSource = `#include <metal_stdlib>
using namespace metal;
struct Params { int M, N, K, lda, ldb, ldd, tiles_n, tiles_m; size_t stride_a, stride_b, stride_d; int swizzle_log, k_iterations_aligned, batch_ndim; };
struct Addmm { int ldc, fdc; size_t stride_c; float alpha, beta; }; struct Strides { size_t a, b, c; };
static_assert(sizeof(Params) == 72 && sizeof(Addmm) == 24, "as the format says");
constant bool has_batch [[function_constant(10)]];
constant bool use_out_source [[function_constant(100)]];
constant bool do_axpby [[function_constant(110)]];
constant bool do_bias_add [[function_constant(120)]];
constant bool align_M [[function_constant(200)]];
constant bool align_N [[function_constant(201)]];
constant bool align_K [[function_constant(202)]];
constant bool do_gather [[function_constant(300)]];

template <bool tA, bool tB, int BM, int BN, int BK, int WM, int WN>
void product(device const half* A, device const half* B, device const half* C, device half* D, device const half* bias,
             constant Params& p, constant Addmm& addmm, constant int& batch, constant Strides& strides,
             uint3 group, uint3 groups, uint3 at, uint3 threads) {
  if (do_gather || p.batch_ndim != 1 || batch != int(groups.z) || threads.y != WN || threads.z != WM) return;
  if (p.stride_a != strides.a || p.stride_b != strides.b || p.stride_d != strides.c || p.k_iterations_aligned != p.K / BK) return;
  const int tile_n = int(group.x) >> p.swizzle_log;
  const int tile_m = (int(group.y) << p.swizzle_log) + (int(group.x) & ((1 << p.swizzle_log) - 1));
  if (tile_n >= p.tiles_n || tile_m >= p.tiles_m) return;
  const size_t z = has_batch ? group.z : 0;
  A += z * strides.a; B += z * strides.b; D += z * p.stride_d; C += use_out_source ? z * addmm.stride_c : 0;
  for (uint i = (at.z * WN + at.y) * 32 + at.x; i < BM * BN; i += 32 * WM * WN) {
    const int row = tile_m * BM + int(i) / BN, column = tile_n * BN + int(i) % BN;
    if ((!align_M && row >= p.M) || (!align_N && column >= p.N)) continue;
    float sum = 0;
    for (int k = 0; k < (align_K ? p.k_iterations_aligned * BK : p.K); ++k)
      sum += float(A[tA ? k * p.lda + row : row * p.lda + k]) * float(B[tB ? column * p.ldb + k : k * p.ldb + column]);
    if (do_bias_add) sum += float(bias[column]);
    if (use_out_source) {
      const float beta = do_axpby ? addmm.beta : 1;
      sum *= do_axpby ? addmm.alpha : 1;
      if (beta != 0) sum += beta * float(C[row * addmm.ldc + column * addmm.fdc]);
    }
    D[row * p.ldd + column] = half(sum);
  }
}

#define ENTRY(NAME, BIAS_ARG, BIAS, AFTER, ...)                                                                   \\
  kernel void NAME(device const half* A [[buffer(0)]], device const half* B [[buffer(1)]],                        \\
                   device const half* C [[buffer(2), function_constant(use_out_source)]],                         \\
                   device half* D [[buffer(3)]], BIAS_ARG constant Params& p [[buffer(AFTER)]],                   \\
                   constant Addmm& addmm [[buffer(AFTER + 1), function_constant(use_out_source)]],                \\
                   constant int& batch [[buffer(AFTER + 2)]], constant Strides& strides [[buffer(AFTER + 3)]],    \\
                   uint3 group [[threadgroup_position_in_grid]], uint3 groups [[threadgroups_per_grid]],          \\
                   uint3 at [[thread_position_in_threadgroup]], uint3 threads [[threads_per_threadgroup]]) {      \\
    product<__VA_ARGS__>(A, B, C, D, BIAS, p, addmm, batch, strides, group, groups, at, threads);                 \\
  }
#define BIAS_ARG device const half* bias [[buffer(4)]],
#define ENTRIES(NAME, ...) ENTRY(NAME, , nullptr, 4, __VA_ARGS__) ENTRY(NAME##_bias, BIAS_ARG, bias, 5, __VA_ARGS__)
ENTRIES(nn, false, false, 8, 16, 4, 2, 1)
ENTRIES(nt, false, true, 8, 16, 4, 2, 1)
ENTRIES(tn, true, false, 8, 16, 4, 2, 1)
ENTRIES(tt, true, true, 8, 16, 4, 2, 1)
ENTRIES(row, false, false, 8, 128, 32, 1, 4)
ENTRIES(wide, false, false, 16, 64, 16, 1, 4)
ENTRIES(tall, false, false, 64, 16, 16, 4, 1)
ENTRIES(square, false, false, 32, 32, 16, 2, 2)
`

/** The signature of backend gemv: batches follow each other. */
const gemvSource = `#include <metal_stdlib>
using namespace metal;
struct Sizes { uint K, N; };
template <bool tB>
[[kernel]] void gemv(device const half* matrix [[buffer(0)]], device const half* vec [[buffer(1)]],
                     device half* out [[buffer(2)]], constant Sizes& s [[buffer(3)]],
                     uint3 group [[threadgroup_position_in_grid]], uint3 groups [[threadgroups_per_grid]],
                     uint3 at [[thread_position_in_threadgroup]], uint3 threads [[threads_per_threadgroup]]) {
  const uint width = groups.x == 1 ? s.N : 8;
  for (uint i = at.x; i < width && group.x * width + i < s.N; i += threads.x) {
    const uint column = group.x * width + i;
    float sum = 0;
    for (uint k = 0; k < s.K; ++k)
      sum += float(vec[group.z * s.K + k]) * float(matrix[group.z * s.K * s.N + (tB ? column * s.K + k : k * s.N + column)]);
    out[group.z * s.N + column] = half(sum);
  }
}
template [[host_name("gemv_n")]] [[kernel]] decltype(gemv<false>) gemv<false>;
template [[host_name("gemv_t")]] [[kernel]] decltype(gemv<true>) gemv<true>;
`

const tile = { tileBM: 8, tileBN: 16, tileBK: 4, warpM: 2, warpN: 1 }
const mlx = (name: string, more: object) => ({
  ...{ name, library: 'old_gemm', ...more },
  supports: supportsAll({ functionName: name, functionNameBias: `${name}_bias` }),
})
const gemv = (name: string, functionName: string, more = {}) => ({
  ...{ name, library: 'old_gemv', ...more },
  supports: supportsAll({ functionName, bias: false, accumulate: false }),
})

const files = {
  'old_gemm.metal': mlxSource,
  'old_gemv.metal': gemvSource,
  'variants_enhanced.json': JSON.stringify({
    mlx: [
      ...['nn', 'nt', 'tn', 'tt'].map((name) => mlx(name, tile)),
      ...['row', 'wide', 'tall', 'square'].map((name) => mlx(name, {})),
    ],
    gemv: [
      gemv('n_bn8_tg64', 'gemv_n'),
      gemv('t_bn8_tg64', 'gemv_t'),
      gemv('t_single_tg', 'gemv_t'),
      gemv('given_bn8', 'gemv_t', { transposeBOverride: true }),
    ],
  }),
}

const everything = { batch: 3, bias: true, alpha: 0.5, beta: -0.75 }
const ragged = { m: 13, n: 37, k: 11 }
/** Leading dimensions that all differ: those of A and B are m and k, that of D is n. */
const turned = { ...ragged, tA: true, tB: true }
/** What reaches each binding of the mlx signature; tiles of the first variants are 8×16, 4 deep. */
const mlxShapes: [string, object[]][] = [
  [
    'tt',
    [
      turned,
      { ...turned, ...everything },
      { ...turned, m: 16, n: 32, k: 8, batch: 3 },
      { ...turned, m: 61, n: 127, k: 5, bias: true },
      { ...turned, accumulate: true, batch: 3 },
      { ...turned, alpha: -1.7 },
    ],
  ],
  ['nt', [{ ...ragged, tB: true, ...everything }]],
  ['tn', [{ ...ragged, tA: true, batch: 3 }]],
  ['nn', [{ ...ragged, bias: true }]],
  ['row', [{ m: 1, n: 133, k: 33, bias: true }]],
  ['wide', [{ m: 9, n: 70, k: 17, beta: 1 }]],
  ['tall', [{ m: 70, n: 9, k: 17 }]],
  ['square', [{ m: 33, n: 47, k: 32, batch: 2 }]],
]
const gemvShapes: [string, object[]][] = [
  ['n_bn8_tg64', [{ m: 1, n: 37, k: 11, batch: 3 }]],
  ['t_bn8_tg64', [{ m: 1, n: 37, k: 11, tB: true, batch: 3 }]],
  ['t_single_tg', [{ m: 1, n: 37, k: 11, tB: true }]],
  ['given_bn8', [{ m: 1, n: 37, k: 11, tA: true }]],
]
const shapesOf = (list: [string, object[]][], name: string): Shape[] =>
  (list.find(([one]) => one === name)?.[1] ?? []).map((shape) => effectiveShape(shapeSchema.parse(shape)))

/** A launch with the bindings at an index and at the next one exchanged. */
const offByOne = (index: number) => (launch: Launch) => {
  const moved = (at: number) => (at === index ? index + 1 : at === index + 1 ? index : at)
  return { ...launch, args: launch.args.map((arg) => ({ ...arg, index: moved(arg.index) })) }
}

/** A launch with two neighbouring fields of one type exchanged, in every struct that holds both. */
const exchanged = (first: string, second: string) => (launch: Launch) => {
  const nameOf = (name?: string) => (name === first ? second : name === second ? first : name)
  const args = launch.args.map((arg) => {
    if (!('fields' in arg)) return arg
    const other = (name?: string) => arg.fields.find((field) => field.name === nameOf(name))?.value
    return { ...arg, fields: arg.fields.map((field) => ({ ...field, value: other(field.name) ?? field.value })) }
  })
  return { ...launch, args }
}

/** A launch whose bindings after the bias stay where they are without one. */
const unshifted = (launch: Launch) => ({
  ...launch,
  args: launch.args.map((arg) => {
    if ('role' in arg) return arg.role === 'bias' ? { ...arg, index: 8 } : arg
    return `${arg.when}`.startsWith('bias') ? { ...arg, index: arg.index - 1 } : arg
  }),
})
const inverted = (constant: number) => (launch: Launch) => ({
  ...launch,
  constants: { ...launch.constants, [constant]: `!(${launch.constants[constant]})` },
})

type Fault = (launch: Launch) => unknown
const fieldFaults = (text: string): [string, Fault][] => {
  const [first, ...rest] = text.split(' ')
  return rest.map((name, at) => [`${name} and the one before`, exchanged([first, ...rest][at] ?? '', name)])
}
const indexFaults = (count: number): [string, Fault][] =>
  Array.from({ length: count - 1 }, (_, at) => [`bindings ${at} and ${at + 1} exchanged`, offByOne(at)])

const mlxFaults: [string, Fault][] = [
  ...indexFaults(9),
  ['bindings that bias does not shift', unshifted],
  ...fieldFaults('M N K lda ldb ldd tiles_n tiles_m'),
  ...fieldFaults('batch_stride_a batch_stride_b batch_stride_d'),
  ...fieldFaults('swizzle_log k_iterations_aligned batch_ndim'),
  ...['ldc fdc', 'alpha beta', 'a b c'].flatMap(fieldFaults),
  ...[10, 100, 110, 120, 200, 201, 202, 300].map((at): [string, Fault] => [`constant ${at} inverted`, inverted(at)]),
]
const gemvFaults: [string, Fault][] = [...indexFaults(4), ...fieldFaults('K N')]

/** The kernel as another declaration drives it. */
function drivenBy(kernel: ResolvedKernel, fault: Fault): ResolvedKernel {
  const change = (launch: Launch) => launchSchema.parse(fault(launch))
  const launches = Object.fromEntries(
    Object.entries(kernel.launches).map(([entry, binding]) => [entry, { ...binding, launch: change(binding.launch) }]),
  )
  return { ...kernel, launch: change(kernel.launch), launches }
}

/** Who notices first, under watch, so that an access anywhere is a finding and no crash; null when nobody does. */
async function noticed(context: RunContext, kernel: ResolvedKernel, shapes: readonly Shape[]): Promise<string | null> {
  const ops = new KernelOps(context.device, kernel, { isAnalysed: true })
  try {
    for (const shape of shapes) {
      const opened = await ops.open(shape)
      if (!opened.ok) throw new Error(opened.error.message)
      const trial = must(await prepareTrial(context, shape, { data: 'random', seed: 1 }))
      const pass = { checks: watchedChecks, schedule: 0, timeoutMs: 10_000 }
      const seen = await watchTrial(context.device, { trial, runnable: opened.value }, pass)
      if (!seen.ok) return seen.error.message
      const { output, document } = seen.value
      if (document.findings[0]) return document.findings[0].message
      const outcome = { output, error: judgeOutput(shape, trial.truth, output), damage: [] }
      const failed = judgeOutcome(trial, outcome).find(({ passed }) => !passed)
      if (failed) return `${failed.gate} on ${formatShape(shape)}`
    }
    return null
  } finally {
    if (!context.device.isLost) ops.destroy()
  }
}

describe.skipIf(whyNot)('what a manifest without launches has always meant', () => {
  let context: RunContext
  const hooks = { progress: () => {}, signal: new AbortController().signal }
  beforeAll(() => {
    const lib = testLibrary()
    const device = testDevice(lib, 'cpu')
    context = { lib, device, workspace: openFixture({}), labVersion: 'test', gitCommit: 'unknown', os: 'test' }
  })
  afterAll(() => context.device.close())

  it.each([
    ['mlx', mlxShapes],
    ['gemv', gemvShapes],
  ] as const)('drives kernels of backend %s', { timeout: 600_000 }, async (backend, list) => {
    context.workspace = openFixture(files)
    for (const [name] of list) {
      const target = `${backend}/${name}`
      const { launches } = must(resolveTarget(context.workspace, target))
      expect(Object.values(launches).map(({ family }) => family)).toContain(backend)
      for (const shape of shapesOf(list, name)) {
        const report = must(await runVerify(context, { target, shape, data: 'random', seed: 1 }, hooks))
        expect([target, report.shape, report.gates.filter(({ passed }) => !passed)]).toEqual([target, report.shape, []])
      }
    }
  })

  it('hands structs over as long as backend mlx has them', () => {
    context.workspace = openFixture(files)
    const kernel = must(resolveTarget(context.workspace, 'mlx/nn'))
    const bytesAt = (shape: object) =>
      must(planLaunch(kernel, shapeSchema.parse({ ...ragged, ...shape }))).args.flatMap((arg) =>
        'bytes' in arg ? [[arg.index, arg.bytes.length]] : [],
      )
    expect(Object.fromEntries(bytesAt({}))).toEqual({ 4: 72, 6: 4, 7: 24 })
    expect(Object.fromEntries(bytesAt(everything))).toEqual({ 5: 72, 6: 24, 7: 4, 8: 24 })
  })

  it.each([
    { backend: 'mlx', name: 'tt', list: mlxShapes, faults: mlxFaults },
    { backend: 'gemv', name: 't_bn8_tg64', list: gemvShapes, faults: gemvFaults },
  ])('is noticed where backend $backend is driven otherwise', { timeout: 600_000 }, async (subject) => {
    const { backend, name, list, faults } = subject
    context.workspace = openFixture(files)
    const kernel = must(resolveTarget(context.workspace, `${backend}/${name}`))
    const shapes = shapesOf(list, name)
    expect(await noticed(context, kernel, shapes)).toBeNull()
    const missed: string[] = []
    for (const [what, fault] of faults) {
      if ((await noticed(context, drivenBy(kernel, fault), shapes)) === null) missed.push(what)
    }
    expect(missed).toEqual([])
  })
})
