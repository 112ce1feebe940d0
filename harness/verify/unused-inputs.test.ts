import { expect, it } from 'vitest'
import { shapeSchema } from '#contract/shape.ts'
import { must, testDevice, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { openFixture, supportsAll } from '../catalog/workspace-fixture.ts'
import { judgeSubjects } from './gates.ts'
import { RunSession } from './session.ts'

const source = `#include <metal_stdlib>
using namespace metal;
kernel void adds(device const half* A [[buffer(0)]], device const half* B [[buffer(1)]],
                 device half* D [[buffer(2)]], device const half* C [[buffer(3)]],
                 device const half* bias [[buffer(4)]], constant uint2& s [[buffer(5)]],
                 uint2 at [[thread_position_in_grid]]) {
  float sum = ADDED;
  for (uint k = 0; k < s.y; ++k) sum += float(A[at.y * s.y + k]) * float(B[k * s.x + at.x]);
  D[at.y * s.x + at.x] = half(sum);
}
`
const launch = {
  gridThreads: ['n', 'm', 1],
  threads: [8, 1, 1],
  args: [
    ...['A', 'B', 'D', 'C', 'bias'].map((role, index) => ({ index, role })),
    { index: 5, fields: ['n', 'k'].map((value) => ({ type: 'u32', value })) },
  ],
}

it.skipIf(whyNoDevice(testLibrary(), 'cpu')).each([
  ['0', true],
  ['float(bias[at.x])', false],
  ['float(C[at.y * s.x + at.x])', false],
])('a kernel that adds %s where there is nothing to add: %s', async (added, isRight) => {
  const workspace = openFixture({
    'kernels/adds.metal': source.replace('ADDED', added),
    'variants_enhanced.json': JSON.stringify({
      mine: [{ name: 'adds', library: 'adds', launch, supports: supportsAll({ functionName: 'adds' }) }],
    }),
  })
  const lib = testLibrary()
  const device = testDevice(lib, 'cpu')
  const context = { lib, device, workspace, labVersion: 'test', gitCommit: 'unknown', os: 'test' }
  const hooks = { progress: () => {}, signal: new AbortController().signal }
  const shape = shapeSchema.parse({ m: 3, n: 12, k: 8 })
  const session = must(RunSession.begin(context, hooks, { target: { kind: 'variant', id: 'mine/adds' }, shape }))
  for (const data of ['random', 'pm1'] as const) {
    const [judged] = must(await judgeSubjects(context, [session.kernelSubject], { shape, seed: 1, data })) ?? []
    expect(judged?.ok && judged.value.gates.every(({ passed }) => passed)).toBe(isRight)
  }
  session.end()
  device.close()
})
