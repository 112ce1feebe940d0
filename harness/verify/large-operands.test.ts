import { describe, expect, it } from 'vitest'
import { type Flag, provableFlags } from '#contract/manifest.ts'
import { type Shape, shapeSchema } from '#contract/shape.ts'
import { must, testDevice, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { resolveTarget } from '../catalog/resolve-target.ts'
import type { ManifestVariant } from '../catalog/types.ts'
import { expectValue, openFixture, supportsAll } from '../catalog/workspace-fixture.ts'
import { judgeSubjects } from './gates.ts'
import { proofShapes } from './proof-shapes.ts'
import { RunSession } from './session.ts'

const source = `#include <metal_stdlib>
using namespace metal;
struct Sizes { uint M, N, K; };
static uint exact(uint row, uint pitch, uint column) { return row * pitch + column; }
static uint rounded(uint row, uint pitch, uint column) { return uint(float(row) * float(pitch) + float(column)); }
#define PRODUCT(NAME, A_AT, B_AT, C_AT)                                                                       \\
  kernel void NAME(device const half* A [[buffer(0)]], device const half* B [[buffer(1)]],                    \\
                   device half* C [[buffer(2)]], constant Sizes& s [[buffer(3)]],                             \\
                   uint2 at [[thread_position_in_grid]]) {                                                    \\
    float sum = 0;                                                                                            \\
    for (uint k = 0; k < s.K; ++k)                                                                            \\
      sum += float(A[A_AT(at.y, s.K, k)]) * float(B[B_AT(k, s.N, at.x)]);                                     \\
    C[C_AT(at.y, s.N, at.x)] = half(sum);                                                                     \\
  }
PRODUCT(right, exact, exact, exact)
PRODUCT(a_rounded, rounded, exact, exact)
PRODUCT(b_rounded, exact, rounded, exact)
PRODUCT(c_rounded, exact, exact, rounded)
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

const off = Object.fromEntries(provableFlags.map((flag) => [flag, false]))

function open(name: string, { supports = {}, requires }: { supports?: object; requires?: object } = {}) {
  const own = { ...off, ...supports, functionName: name, expectedTransposeA: false, expectedTransposeB: false }
  const variant = { name, library: 'large', launch, requires, supports: supportsAll(own) }
  return openFixture({
    'kernels/large.metal': source,
    'variants_enhanced.json': JSON.stringify({ mine: [variant] }),
  })
}

/** What is run once for a flag, of operands that are beyond 2²⁴ elements; `left` is named as left out. */
function largeOf(flag: Flag, options: Parameters<typeof open>[1], once = 2.5e9) {
  const kernel = expectValue(resolveTarget(open('right', options), 'mine/right'))
  const flopLimits = { model: 2e7, adversarial: 4e6, once }
  const variant = kernel.variant as ManifestVariant
  const chosen = proofShapes({ kernel, variant, flag, listed: [], flopLimits })
  const isLarge = ({ m, n, k, batch }: Shape) => batch * Math.max(m * k, k * n, m * n) > 2 ** 24
  return { once: chosen.once.filter(isLarge), left: chosen.skipped }
}
const extentsOf = (shapes: Shape[]) => shapes.map(({ m, n, k, batch }) => [m, n, k, batch])

describe('operands beyond 24 bits', () => {
  it('are asked for once each, the others as small as the kernel takes', () => {
    const { once, left } = largeOf('smallMN', { supports: { smallK: true } })
    expect(extentsOf(once)).toEqual([
      [4093, 1, 4345, 1],
      [1, 4093, 4345, 1],
    ])
    expect(left).toEqual([])
    expect(extentsOf(largeOf('smallK', { supports: { smallMN: true } }).once)).toEqual([[4345, 4093, 1, 1]])
    // Alone, the flag has a large C of its own.
    expect(extentsOf(largeOf('smallMN', {}).left)).toEqual([[1111491, 16, 64, 1]])
    const batched = largeOf('batch', { supports: { smallMN: true, smallK: true } }).once
    expect(extentsOf(batched)).toContainEqual([1, 1021, 917, 19])
  })

  it('are shared by the flags that are on', () => {
    const supports = Object.fromEntries(['smallMN', 'smallK', 'bias', 'accumulate'].map((flag) => [flag, true]))
    const [sums, bias] = (['accumulate', 'bias'] as const).map((flag) => largeOf(flag, { supports }).once)
    expect(sums).toHaveLength(3)
    expect(sums).toEqual(bias)
    expect(bias?.every((shape) => shape.bias && shape.beta === 0.5)).toBe(true)
  })

  it('keep to what the manifest allows, with sums that can be exact', () => {
    const supports = { smallK: true }
    const few = largeOf('smallMN', { supports, requires: { m: { max: 8 }, n: { max: 4 } } }).once
    expect(extentsOf(few)).toEqual([
      [1, 4, 4445963, 1],
      [8, 1, 2222982, 1],
    ])
    expect(largeOf('smallMN', { supports, requires: { m: { max: 8 }, k: { max: 512 } } }).once).toEqual([])
  })

  it('are named where they cost too much', () => {
    const { once, left } = largeOf('smallMN', { supports: { smallK: true } }, 1e7)
    expect([once, extentsOf(left)]).toEqual([
      [],
      [
        [4093, 1, 4345, 1],
        [1, 4093, 4345, 1],
      ],
    ])
  })
})

describe.skipIf(whyNoDevice(testLibrary(), 'cpu'))('a kernel that computes an index in float', () => {
  it('is wrong where the operand is large, and only there', async () => {
    const names = ['right', 'a_rounded', 'b_rounded', 'c_rounded']
    const supports = { smallMN: true, smallK: true }
    const lib = testLibrary()
    const device = testDevice(lib, 'cpu')
    const fastest = device.tiers.filter(({ missing }) => missing === undefined).at(-1)?.name ?? ''
    const hooks = { progress: () => {}, signal: new AbortController().signal }
    const common = { lib, device, labVersion: 'test', gitCommit: 'unknown', os: 'test', timeoutNs: 120e9 }
    const opened = names.map((name) => {
      const context = { ...common, workspace: open(name, { supports }) }
      const target = { kind: 'variant', id: `mine/${name}` } as const
      const shape = shapeSchema.parse({ m: 1, n: 1, k: 1 })
      return { context, session: must(RunSession.begin(context, hooks, { target, shape })) }
    })
    const context = opened[0]!.context
    const subjects = opened.map(({ session }) => session.kernelSubjectIn(fastest))
    const shapes = (['smallMN', 'smallK'] as const).flatMap((flag) => largeOf(flag, { supports }).once)
    const wrong: Record<string, string[]> = {}
    for (const shape of shapes) {
      const judged = must(await judgeSubjects(context, subjects, { shape, seed: 1, data: 'random' }))
      const isWrong = (_: string, i: number) => must(judged![i]!).gates.some(({ passed }) => !passed)
      wrong[`${shape.m}x${shape.n}x${shape.k}`] = names.filter(isWrong)
    }
    for (const { session } of opened) session.end()
    device.close()
    expect(wrong).toEqual({ '4093x1x4345': ['a_rounded'], '1x4093x4345': ['b_rounded'], '4345x4093x1': ['c_rounded'] })
  })
})
