import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testLibrary, whyNoAnalysis } from '../bridge/device-fixture.ts'
import { lintWorkspace } from '../catalog/lint.ts'
import { beginFixture, type RunFixture } from '../verify/run-fixture.ts'
import { readBuilds } from './read-builds.ts'

const source = `#include <metal_stdlib>
using namespace metal;
constant bool is_double [[function_constant(0)]];
template <int N>
kernel void tile(device const half* a [[buffer(0)]], device half* c [[buffer(1)]],
                 threadgroup half* given [[threadgroup(0)]], uint i [[thread_index_in_threadgroup]]) {
  threadgroup half own[N];
  own[i] = a[i];
  given[i] = own[i];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  c[i] = own[31 - i] + given[31 - i];
  if (is_double) {
    threadgroup float more[N];
    more[i] = c[i];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    c[i] = half(more[31 - i]);
  }
}
#define OTHER(name, n) template [[host_name(#name)]] [[kernel]] decltype(tile<n>) tile<n>;
OTHER(small, 4000)
template [[host_name("large")]] [[kernel]] decltype(tile<16000>) tile<16000>;
`
const launch = (bytes: string, isDouble: boolean) => ({
  args: [
    { index: 0, role: 'A' },
    { index: 1, role: 'C' },
  ],
  constants: { is_double: isDouble ? '1' : '0' },
  threadgroupMemory: [{ index: 0, bytes }],
  threadgroups: [1, 1, 1],
  threads: [32, 1, 1],
})
const flags = ['transposeA', 'transposeB', 'smallK', 'smallMN', 'batch', 'bias', 'accumulate']
const supports = (functionName: string) => ({ ...Object.fromEntries(flags.map((flag) => [flag, true])), functionName })
const variant = (name: string, functionName: string, [bytes, isDouble]: [string, boolean]) => ({
  ...{ name, library: 'tile', supports: supports(functionName), launch: launch(bytes, isDouble) },
})

describe.skipIf(whyNoAnalysis(testLibrary(), 'cpu'))('readBuilds', () => {
  let fixture: RunFixture
  beforeEach(() => {
    fixture = beginFixture('cpu')
  })
  afterEach(() => fixture.end())

  it('lets the linter hold what a build declares and what its launch gives against the limits of the device', async () => {
    const { workspace, device } = fixture.context
    writeFileSync(join(fixture.root, 'kernels', 'tile.metal'), source)
    const entries = [
      variant('fits', 'small', ['64', false]),
      variant('fits_too', 'small', ['64', true]),
      variant('given_too_much', 'small', ['8800', true]),
      variant('has_too_much', 'large', ['784', false]),
      variant('just_fits', 'large', ['768', false]),
      variant('does_not_compile', 'gone', ['64', false]),
    ]
    writeFileSync(fixture.manifestPath, JSON.stringify({ mine: entries }, null, 2))
    workspace.rescan()
    const memory = (problems: ReturnType<typeof lintWorkspace>) =>
      problems
        .filter(({ rule }) => rule === 'threadgroup-memory')
        .map(({ variant, message }) => `${variant}: ${message}`)
    const missing = (problems: ReturnType<typeof lintWorkspace>) =>
      problems.filter(({ rule }) => rule === 'missing-function').map(({ variant, severity }) => [variant, severity])
    // Text alone does not know the names that a macro makes.
    expect(missing(lintWorkspace(workspace))).toContainEqual(['mine/fits', 'info'])
    const built = await readBuilds(device, workspace)
    expect(missing(lintWorkspace(workspace, built))).toEqual([['mine/does_not_compile', 'error']])
    const shape = 'm=1,n=896,k=896,tA=0,tB=1,batch=1,bias=0,alpha=1,beta=0,dtype=f16'
    const limit = `${device.info.name} can have 32768: use a smaller tile`
    expect(memory(lintWorkspace(workspace, built))).toEqual([
      `mine/given_too_much: 32800 bytes of threadgroup memory (24000 of small's variables, 8800 of its launch) for ${shape}; ${limit}`,
      `mine/has_too_much: 32784 bytes of threadgroup memory (32000 of large's variables, 784 of its launch) for ${shape}; ${limit}`,
    ])
  })
})
