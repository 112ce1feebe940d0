import { describe, expect, it } from 'vitest'
import { type Shape, shapeSchema } from '#contract/shape.ts'
import { must, testDevice, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { openFixture, supportsAll } from '../catalog/workspace-fixture.ts'
import { judgeSubjects } from './gates.ts'
import { largeOutputScale } from './large-outputs.ts'
import { RunSession } from './session.ts'
import type { Trial } from './trial.ts'

const source = `#include <metal_stdlib>
using namespace metal;
struct Sizes { uint M, N, K; };
#define PRODUCT(NAME, TERM, RESULT)                                                            \\
  kernel void NAME(device const half* A [[buffer(0)]], device const half* B [[buffer(1)]],     \\
                   device half* C [[buffer(2)]], constant Sizes& s [[buffer(3)]],              \\
                   uint2 at [[thread_position_in_grid]]) {                                     \\
    float sum = 0;                                                                             \\
    for (uint k = 0; k < s.K; ++k) {                                                           \\
      const half a = A[at.y * s.K + k], b = B[k * s.N + at.x];                                 \\
      sum += TERM;                                                                             \\
    }                                                                                          \\
    C[at.y * s.N + at.x] = half(RESULT);                                                       \\
  }
PRODUCT(right, float(a) * float(b), sum)
PRODUCT(clamped, float(a) * float(b), clamp(sum, -8192.0f, 8192.0f))
`
const launch = {
  dtype: 'f16',
  gridThreads: ['n', 'm', 'batch'],
  threads: [64, 1, 1],
  args: [
    ...['A', 'B', 'C'].map((role, index) => ({ index, role })),
    { index: 3, fields: ['m', 'n', 'k'].map((value) => ({ type: 'u32', value })) },
  ],
}

/** A trial of which only the truth counts. */
function trialOf(shape: Partial<Shape>, c: number, magnitude: number): Trial {
  const truth = { c: Float64Array.of(c, 0), magnitude: Float64Array.of(magnitude, 0) }
  return { shape: shapeSchema.parse({ m: 1, n: 2, k: 1, ...shape }), truth } as Trial
}

describe('largeOutputScale', () => {
  it('takes a half as far as it holds, inputs included', () => {
    expect(largeOutputScale(trialOf({}, -3, 8))).toBe(2 ** 14)
    expect(largeOutputScale(trialOf({}, 0.001, 0.001))).toBe(2 ** 15)
    expect(largeOutputScale(trialOf({}, 60000, 60000))).toBe(1)
    expect(largeOutputScale(trialOf({}, 0, 0))).toBe(1)
    // What goes into silu is larger than what comes out.
    expect(largeOutputScale(trialOf({ act: 'silu' }, -0.2, 8))).toBe(2 ** 12)
  })

  it('takes a float far beyond a half, and leaves room for what is computed of it', () => {
    expect(largeOutputScale(trialOf({ dtype: 'f32' }, 1, 2))).toBe(2 ** 59)
    expect(largeOutputScale(trialOf({ dtype: 'bf16', act: 'gelu' }, 1, 2))).toBe(2 ** 35)
  })
})

describe.skipIf(whyNoDevice(testLibrary(), 'cpu'))('a kernel that is right on numbers about 1 only', () => {
  it('is wrong where outputs are large', async () => {
    const lib = testLibrary()
    const device = testDevice(lib, 'cpu')
    const hooks = { progress: () => {}, signal: new AbortController().signal }
    const supports = supportsAll({ expectedTransposeA: false, expectedTransposeB: false })
    const shape = shapeSchema.parse({ m: 2, n: 3, k: 64 })
    const passed: Record<string, boolean[]> = {}
    for (const name of ['right', 'clamped']) {
      const variant = { name, library: 'large', launch, supports: { ...supports, functionName: name } }
      const files = { 'kernels/large.metal': source, 'variants_enhanced.json': JSON.stringify({ mine: [variant] }) }
      const context = {
        lib,
        device,
        workspace: openFixture(files),
        labVersion: 'test',
        gitCommit: 'unknown',
        os: 'test',
      }
      const session = must(RunSession.begin(context, hooks, { target: { kind: 'variant', id: `mine/${name}` }, shape }))
      passed[name] = []
      for (const scale of [1, 2 ** 14]) {
        const request = { shape, seed: 1, data: 'random', scale } as const
        const judged = must(await judgeSubjects(context, [session.kernelSubjectIn('fiber')], request))
        passed[name].push(must(judged![0]!).gates.every((gate) => gate.passed))
      }
      session.end()
    }
    device.close()
    expect(passed).toEqual({ right: [true, true], clamped: [true, false] })
  })
})
