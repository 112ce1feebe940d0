import { afterEach, describe, expect, it } from 'vitest'
import { shapeSchema } from '#contract/shape.ts'
import { must, testDevice, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { manifestOf } from '../catalog/resolve-target.ts'
import { planSweep } from '../catalog/sweep-plan.ts'
import { openFixture, supportsAll } from '../catalog/workspace-fixture.ts'
import { runVerify } from './run-verify.ts'

const whyNoCpu = whyNoDevice(testLibrary(), 'cpu')

/** D = alpha A B + bias + beta C, with everything that a signature may hold: a struct, scratch, a constant, scalars. */
const source = (addend: string) => `#include <metal_stdlib>
using namespace metal;
struct Sizes { uint lda; ushort tA; ulong strideD; float alpha; };
constant uint rows_at_once [[function_constant(0)]];
kernel void strange(device const half* D0 [[buffer(0)]], device const half* A [[buffer(5)]],
                    device half* D [[buffer(1)]], device const half* B [[buffer(2)]],
                    constant Sizes& sizes [[buffer(3)]], device float* partial [[buffer(4)]],
                    constant uint& M [[buffer(6)]], constant long& N [[buffer(7)]], constant uint& K [[buffer(8)]],
                    constant uint& ldb [[buffer(9)]], constant float& beta [[buffer(10)]],
                    device const half* bias [[buffer(11)]], constant uint& has_bias [[buffer(12)]],
                    uint3 at [[thread_position_in_grid]]) {
  for (uint row = at.y * rows_at_once; row < min(M, (at.y + 1) * rows_at_once); ++row) {
    const ulong out = at.z * sizes.strideD + row * N + at.x;
    partial[out] = 0;
    for (uint k = 0; k < K; ++k) {
      const uint a = sizes.tA ? k * sizes.lda + row : row * sizes.lda + k;
      partial[out] += float(A[at.z * M * K + a]) * float(B[at.z * K * N + k * ldb + at.x]);
    }
    const float sum = partial[out] + (has_bias ? float(bias[at.x]) : 0.0f);
    D[out] = half(sizes.alpha * sum + (beta != 0 ? beta * float(${addend}[out]) : 0.0f));
  }
}
`

const launch = {
  dtype: 'f16',
  params: { R: 2 },
  gridThreads: ['n', 'ceilDiv(m, R)', 'batch'],
  threads: [8, 1, 1],
  constants: { '0': 'R' },
  args: [
    { index: 0, role: 'C' },
    { index: 1, role: 'D' },
    { index: 2, role: 'B' },
    {
      index: 3,
      fields: [
        { name: 'lda', type: 'u32', value: 'lda' },
        { name: 'tA', type: 'u16', value: 'tA' },
        { name: 'strideD', type: 'u64', value: 'strideC' },
        { name: 'alpha', type: 'f32', value: 'alpha' },
      ],
    },
    { index: 4, scratchBytes: '4 * m * n * batch' },
    { index: 5, role: 'A' },
    { index: 6, role: 'M' },
    { index: 7, role: 'N', type: 'i64' },
    { index: 8, role: 'K' },
    { index: 9, role: 'ldb' },
    { index: 10, role: 'beta' },
    { index: 11, role: 'bias' },
    { index: 12, type: 'u32', value: 'bias' },
  ],
}

const variant = (name: string, library: string) => ({
  ...{ name, library, launch, params: { R: 3 }, requires: { n: { multipleOf: 4 } } },
  supports: supportsAll({ functionName: 'strange', transposeB: false }),
})

let end = () => {}
afterEach(() => end())

function openForeign() {
  const workspace = openFixture({
    'mine/strange.metal': source('D0'),
    'mine/in_place.metal': source('D'),
    'variants_enhanced.json': JSON.stringify({
      nobody_knows: [variant('separate', 'strange'), variant('in_place', 'in_place')],
    }),
  })
  const lib = testLibrary()
  const device = testDevice(lib, 'cpu')
  end = () => device.close()
  return { lib, device, workspace, labVersion: 'test', gitCommit: 'unknown', os: 'test' }
}

const hooks = { progress: () => {}, signal: new AbortController().signal }
const shape = (more: object) => shapeSchema.parse({ m: 5, n: 12, k: 7, ...more })

describe.skipIf(whyNoCpu)('a family that the lab has never seen, declared in its manifest', () => {
  it('is driven by what it declares, whatever the shape asks for', async () => {
    const context = openForeign()
    const everything = { batch: 3, bias: true, alpha: 0.5, beta: -0.75, tA: true }
    for (const more of [{}, { tA: true, m: 1 }, { accumulate: true, batch: 2 }, everything]) {
      const target = 'nobody_knows/separate'
      const report = must(await runVerify(context, { target, shape: shape(more), data: 'random', seed: 1 }, hooks))
      expect(report.gates.filter(({ passed }) => !passed)).toEqual([])
    }
  })

  it('may not read C0 from its output where it declares to take it from elsewhere', async () => {
    const context = openForeign()
    const options = { target: 'nobody_knows/in_place', data: 'random', seed: 1 } as const
    const accumulated = must(await runVerify(context, { ...options, shape: shape({ beta: 1 }) }, hooks))
    expect(accumulated.passed).toBe(false)
    expect(must(await runVerify(context, { ...options, shape: shape({}) }, hooks)).passed).toBe(true)
  })

  it('is planned by the rules of the format and its own ranges', () => {
    const { workspace } = openForeign()
    const reading = must(manifestOf(workspace))
    const listed = [{}, { n: 10 }, { tB: true }].map((more) => ({ shape: shape(more), op: 'matmul', line: 1 }))
    const { pairs } = must(planSweep(workspace, { reading, shapes: listed, glob: '*/separate' }))
    expect(pairs.map(({ gap }) => gap)).toEqual([
      undefined,
      'n=10 but a multiple of 4 is required',
      'transposeB not supported',
    ])
  })
})
