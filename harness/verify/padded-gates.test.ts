import { afterEach, describe, expect, it } from 'vitest'
import { shapeSchema } from '#contract/shape.ts'
import { must, testDevice, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { paddingFor } from '../catalog/row-padding.ts'
import { openFixture, supportsAll } from '../catalog/workspace-fixture.ts'
import { failureOf } from './evidence.ts'
import { runPaddedGates } from './padded-gates.ts'
import { gatherRows, spreadRows, writtenBetweenRows } from './padded-rows.ts'
import type { FlagProof, Proof } from './proof-state.ts'
import { ProofTiers } from './proof-tiers.ts'
import { RunSession } from './session.ts'

const whyNoCpu = whyNoDevice(testLibrary(), 'cpu')

const source = `#include <metal_stdlib>
using namespace metal;
struct Sizes { uint N, K, lda, ldb, ldc; ulong strideA, strideB, strideC; };
constant bool tB [[function_constant(0)]];
#define PRODUCT(NAME, LDB, LAST)                                                                              \\
  kernel void NAME(device const half* A [[buffer(0)]], device const half* B [[buffer(1)]],                    \\
                   device half* C [[buffer(2)]], constant Sizes& s [[buffer(3)]],                             \\
                   uint3 at [[thread_position_in_grid]]) {                                                    \\
    float sum = 0;                                                                                            \\
    for (uint k = 0; k < s.K; ++k)                                                                            \\
      sum += float(A[at.z * s.strideA + at.y * s.lda + k]) *                                                  \\
             float(B[at.z * s.strideB + (tB ? at.x * LDB + k : k * LDB + at.x)]);                             \\
    C[at.z * s.strideC + at.y * s.ldc + at.x] = half(sum);                                                    \\
    if (LAST) C[at.z * s.strideC + at.y * s.ldc + at.x + 1] = half(0);                                        \\
  }
PRODUCT(right, s.ldb, false)
PRODUCT(tight_b, (tB ? s.K : s.N), false)
PRODUCT(tight_if_even, (!tB && s.N % 64 == 0 && s.K % 64 == 0 ? s.N : s.ldb), false)
PRODUCT(one_more, s.ldb, at.x + 1 == s.N && s.ldc > s.N && at.y == 0 && at.z == 0)
`

const launch = {
  dtype: 'f16',
  gridThreads: ['n', 'm', 'batch'],
  threads: [8, 1, 1],
  constants: { '0': 'tB' },
  args: [
    { index: 0, role: 'A' },
    { index: 1, role: 'B' },
    { index: 2, role: 'C' },
    {
      index: 3,
      fields: [
        ...['n', 'k', 'lda', 'ldb', 'ldc'].map((value) => ({ type: 'u32', value })),
        ...['strideA', 'strideB', 'strideC'].map((value) => ({ type: 'u64', value })),
      ],
    },
  ],
}
const tightLaunch = {
  ...launch,
  args: [...launch.args.slice(0, 3), { index: 3, fields: [{ type: 'u32', value: 'n' }] }],
}

let end = () => {}
afterEach(() => end())

function open(name: string, more: object = {}) {
  const variant = { name, library: 'padded', launch, supports: supportsAll({ functionName: name }), ...more }
  const workspace = openFixture({
    'kernels/padded.metal': source,
    'variants_enhanced.json': JSON.stringify({ mine: [variant] }),
  })
  const lib = testLibrary()
  const device = testDevice(lib, 'cpu')
  end = () => device.close()
  const context = { lib, device, workspace, labVersion: 'test', gitCommit: 'unknown', os: 'test' }
  const hooks = { progress: () => {}, signal: new AbortController().signal }
  const target = { kind: 'variant', id: `mine/${name}` } as const
  const session = must(RunSession.begin(context, hooks, { target, shape: shapeOf({}) }))
  return { context, hooks, session }
}

const shapeOf = (more: object) => shapeSchema.parse({ m: 3, n: 12, k: 8, ...more })

/** Failures of the padded gates on a few shapes, and on more. */
async function failuresOf(name: string, many: object[] = []): Promise<{ gates: string[]; messages: string[] }> {
  const opened = open(name)
  const { session, context } = opened
  const shapes = [{}, { m: 1, n: 7, k: 5 }, { tB: true }, { batch: 3, n: 9 }, ...many].map(shapeOf)
  const flag: FlagProof = {
    flag: 'smallMN',
    shapes: { required: shapes, beyond: [], once: [], skipped: [], closedBecause: null },
    gates: [],
    ran: [],
    failing: 0,
  }
  const proof: Proof = {
    ...opened,
    tiers: new ProofTiers(session, context.device.tiers, ''),
    flags: [flag],
    needing: [],
    place: null,
  }
  const asked = shapes.map((shape) => ({ shape, required: [flag], beyond: [] }))
  expect(await runPaddedGates(proof, asked)).toBeNull()
  session.end()
  expect(flag.gates.length).toBeGreaterThan(0)
  const failed = flag.gates.filter(({ passed }) => !passed)
  expect(flag.failing > 0).toBe(failed.length > 0)
  return {
    gates: [...new Set(failed.map(({ gate }) => gate))].sort(),
    messages: failed.map((one) => failureOf(one).message),
  }
}

describe('rows that lie apart', () => {
  it('come together again as they were', () => {
    const tight = Uint16Array.from({ length: 12 }, (_, i) => i)
    const layout = { rows: 3, columns: 4, padding: 2 }
    const spread = spreadRows(tight, layout, 'f16') as Uint16Array
    expect([...spread.slice(0, 8)]).toEqual([0, 1, 2, 3, 0x7ea5, 0x7ea5, 4, 5])
    expect(spread.length).toBe(16)
    expect(gatherRows(spread, layout, 'f16')).toEqual(tight)
    expect(writtenBetweenRows(spread, layout, 0x7ea5)).toBeNull()
    spread[11] = 0
    spread[10] = 0
    expect(writtenBetweenRows(spread, layout, 0x7ea5)).toEqual({ count: 2, first: 10 })
  })

  it('are only for what the launch hands over', () => {
    const wanted = { a: 3, b: 5, c: 1 }
    const { session } = open('right')
    expect(paddingFor(session.kernel, shapeOf({ batch: 2 }), wanted)).toEqual(wanted)
    const tight = open('right', { launch: tightLaunch }).session
    expect(paddingFor(tight.kernel, shapeOf({}), wanted)).toBeNull()
    const strideless = { ...launch, args: [...launch.args.slice(0, 3), { index: 3, role: 'lda' }] }
    const only = open('right', { launch: strideless }).session
    expect(paddingFor(only.kernel, shapeOf({}), wanted)).toEqual({ a: 3, b: 0, c: 0 })
    expect(paddingFor(only.kernel, shapeOf({ batch: 2 }), wanted)).toBeNull()
  })
})

describe.skipIf(whyNoCpu)('the gates with rows apart, on the cpu device', () => {
  it('pass a kernel that uses its leading dimensions', async () => {
    expect(await failuresOf('right')).toEqual({ gates: [], messages: [] })
  })

  it('fail one that takes the rows of B to follow each other', async () => {
    const { gates, messages } = await failuresOf('tight_b')
    expect(gates).toContain('padded-bound')
    expect(messages[0]).toMatch(/gate padded-.*rows of A 3, of B 5, of C 1 elements apart/)
  })

  it('find a way of its own for extents that divide well, whatever else there is', async () => {
    const others = [5, 9, 17, 33, 65, 127, 128, 129, 200, 251].flatMap((n, i) => [
      { n, k: 3 + i },
      { n: 3 + i, k: n, m: 1 + i },
    ])
    expect(await failuresOf('tight_if_even', others)).toMatchObject({ gates: [] })
    const { messages } = await failuresOf('tight_if_even', [...others, { m: 2, n: 128, k: 64 }])
    expect(messages[0]).toContain('n=128,k=64')
  })

  it('fail one that writes between the rows of C', async () => {
    const { gates, messages } = await failuresOf('one_more')
    expect(gates).toEqual(['padded-guard'])
    expect(messages[0]).toMatch(/2 bytes outside C's rows, first at byte \d+.*elements apart/)
  })
})
