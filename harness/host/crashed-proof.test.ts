import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunOutcome } from '#contract/ipc.ts'
import { must, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { supportsAll } from '../catalog/workspace-fixture.ts'
import { Supervisor } from './supervisor.ts'

const whyNoCpu = whyNoDevice(testLibrary(), 'cpu')

/** Right, but for a model's shape: there it reads far beyond B. */
const source = `#include <metal_stdlib>
using namespace metal;
kernel void far_away(device const half* A [[buffer(0)]], device const half* B [[buffer(1)]],
                     device half* C [[buffer(2)]], constant uint3& s [[buffer(3)]],
                     uint2 at [[thread_position_in_grid]]) {
  float sum = 0;
  for (uint k = 0; k < s.z; ++k)
    sum += float(A[at.y * s.z + k]) * float(B[k * s.y + at.x + (s.y == 99 ? 1u << 28 : 0u)]);
  C[at.y * s.y + at.x] = half(sum);
}
`
const fields = ['m', 'n', 'k', '0'].map((value) => ({ type: 'u32', value }))
const launch = {
  gridThreads: ['n', 'm', 1],
  threads: [8, 1, 1],
  args: [...['A', 'B', 'C'].map((role, index) => ({ index, role })), { index: 3, fields }],
}
const supports = {
  ...supportsAll({ functionName: 'far_away', expectedTransposeA: false, expectedTransposeB: false }),
  ...{ batch: false, bias: false, accumulate: false, transposeA: false, transposeB: false },
}
const model = `op=matmul | batch=1 | m=1 | n=99 | k=65 | tA=0 | tB=0:
    backend=mps: count=1 | total=1ms | avg=1ms
`

let folder: string
let lab: Supervisor
const stateHome = process.env.XDG_STATE_HOME

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'klab-crashed-'))
  process.env.XDG_STATE_HOME = join(folder, 'state')
  const root = join(folder, 'workspace')
  mkdirSync(join(root, 'kernels'), { recursive: true })
  mkdirSync(join(root, 'manifests'))
  writeFileSync(join(root, 'kernels', 'far.metal'), source)
  writeFileSync(join(root, 'manifests', 'shapes.txt'), model)
  const manifest = { mine: [{ name: 'far', library: 'far', launch, supports }] }
  writeFileSync(join(root, 'manifests', 'variants_enhanced.json'), JSON.stringify(manifest))
  lab = new Supervisor({ workspaceRoot: root })
})

afterEach(async () => {
  await lab.close()
  if (stateHome === undefined) delete process.env.XDG_STATE_HOME
  else process.env.XDG_STATE_HOME = stateHome
  rmSync(folder, { recursive: true, force: true })
})

describe.skipIf(whyNoCpu)('a proof whose kernel crashes', () => {
  it('fails on that shape, which stands beside the flag; a flag that does not need it is not known', async () => {
    const { promise, resolve } = Promise.withResolvers<RunOutcome>()
    lab.on('run.finished', ({ outcome }) => resolve(outcome))
    must(await lab.request('cli.proofs.start', { variant: 'mine/far', flags: ['smallMN', 'smallK'], device: 'cpu' }))
    const outcome = await promise
    const crash = /^gate run on m=1,n=99,k=65,.*, seed 1, \w+ tier: kernel far_away crashed/
    expect(outcome).toMatchObject({
      kind: 'proofs',
      reports: [{ flag: 'smallMN', failures: [{ gate: 'run', message: expect.stringMatching(crash) }] }],
      errors: [{ flag: 'smallK', error: { kind: 'device-lost', kernel: 'far_away' } }],
    })
    const { flags } = must(await lab.request('flags.list', { device: 'cpu' }))
    const reasonOf = (flag: string) => flags.find((one) => one.flag === flag)?.reason
    expect(reasonOf('smallMN')).toMatch(/ failed: gate run on m=1,n=99,k=65,/)
    expect(reasonOf('smallK')).toBe('true in the manifest, without evidence')
  })
})
