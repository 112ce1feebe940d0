import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { mathMode } from '#contract/device.ts'
import { fail, type LabError } from '#contract/error.ts'
import { sampleRecord } from '#contract/evidence-fixture.ts'
import { provableFlags } from '#contract/manifest.ts'
import { must, testDevice, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import { proofSources } from '../catalog/proof-sources.ts'
import { resolveTarget } from '../catalog/resolve-target.ts'
import { openFixture, supportsAll } from '../catalog/workspace-fixture.ts'
import { setFlagsProven } from '../catalog/write-flags.ts'
import type { ProofPlace } from './proof-place.ts'
import { runProof } from './run-proof.ts'

const source = `#include <metal_stdlib>
using namespace metal;
kernel void sum(device const half* A [[buffer(0)]], device const half* B [[buffer(1)]],
                device half* C [[buffer(2)]], constant uint3& s [[buffer(3)]],
                device const half* bias [[buffer(4)]], uint2 at [[thread_position_in_grid]]) {
  float sum = float(bias[at.x]);
  for (uint k = 0; k < s.z; ++k)
    sum += float(A[at.y * s.z + k]) * float(B[k * s.y + at.x]);
  C[at.y * s.y + at.x] = half(sum);
}
`
const fields = ['m', 'n', 'k', '0'].map((value) => ({ type: 'u32', value }))
const args = [...['A', 'B', 'C'].map((role, index) => ({ index, role })), { index: 3, fields }]
const variant = {
  name: 'sum',
  library: 'sum',
  launch: { gridThreads: ['n', 'm', 1], threads: [8, 1, 1], args: [...args, { index: 4, role: 'bias' }] },
  requires: { n: { max: 40 }, k: { max: 80 } },
  supports: supportsAll({
    ...Object.fromEntries(provableFlags.map((flag) => [flag, false])),
    ...{ functionName: 'sum', expectedTransposeA: false, expectedTransposeB: false },
  }),
}
/** Closed by other flags, which are off: run all the same, for the bias. */
const model = `op=matmul_bias_add | batch=1 | m=1 | n=12 | k=64 | tA=0 | tB=0 | bias=1:
    backend=mps: count=1 | total=1ms | avg=1ms
`

/** What a record says of the device that it was made on. */
function recordedOn(device: DeviceHandle) {
  const tiers = device.tiers
    .filter(({ missing }) => missing === undefined)
    .map(({ name, flags }) => ({ tier: name, flags, shapes: 1, worstMargin: 0.5 }))
  return { compiler: device.info.driver, mathMode, proofSources, tiers, flags: tiers[0]?.flags ?? '' }
}

let end = () => {}
afterEach(() => end())

/** A proof whose runs end in a way of their own at a place; the flag was proven before. */
async function proofThatEnds(how: LabError, where: { call: 'run' | 'analyse'; isAt(place: ProofPlace): boolean }) {
  const workspace = openFixture({
    'kernels/sum.metal': source,
    'manifests/shapes.txt': model,
    'manifests/variants_enhanced.json': JSON.stringify({ mine: [variant] }),
  })
  const lib = testLibrary()
  const device = testDevice(lib, 'cpu')
  end = () => device.close()
  const { sourceHash, entryHash } = must(resolveTarget(workspace, 'mine/sum'))
  const records = { bias: sampleRecord({ sourceHash, entryHash, ...recordedOn(device) }) }
  must(setFlagsProven(workspace, { variant: 'mine/sum', records }))
  let place: ProofPlace | null = null
  let at = ''
  const hooks = {
    progress: () => {},
    signal: new AbortController().signal,
    underway: (now: ProofPlace | null) => {
      place = now
    },
  }
  const real = { run: device.run.bind(device), analyse: device.analyse.bind(device) }
  const ends = () => {
    if (!place || !where.isAt(place)) return false
    at = place.shape
    return true
  }
  if (where.call === 'run') device.run = async (request) => (ends() ? fail(how) : real.run(request))
  else device.analyse = async (request) => (ends() ? fail(how) : real.analyse(request))
  const context = { lib, device, workspace, labVersion: 'test', gitCommit: 'unknown', os: 'test' }
  const report = await runProof(context, { variant: 'mine/sum', flag: 'bias' }, hooks)
  return { report, at, isKept: existsSync(join(workspace.root, 'manifests/evidence/mine/sum.json')) }
}

const hang: LabError = { kind: 'timeout', message: 'it did not end' }
const crash: LabError = { kind: 'device-lost', message: 'it crashed', kernel: 'sum' }

describe.skipIf(whyNoDevice(testLibrary(), 'cpu'))('a proof takes back what was proven', () => {
  it.each([
    ['hangs on a shape that other flags keep closed', hang, 'run', /^m=1,n=12,k=64/],
    ['crashes on a shape that other flags keep closed', crash, 'run', /^m=1,n=12,k=64/],
    ['hangs on what is run once', hang, 'run', /^m=65537/],
    ['crashes on what is run once', crash, 'run', /^m=65537/],
    ['hangs under watch', hang, 'analyse', /./],
    ['crashes under watch', crash, 'analyse', /./],
  ] as const)('of a kernel that %s', async (...[, how, call, shape]) => {
    const { report, at, isKept } = await proofThatEnds(how, { call, isAt: (place) => shape.test(place.shape) })
    expect(at).toMatch(shape)
    expect(must(report)).toMatchObject({ state: 'claimed', withdrawn: '2026-01-02T03:04:05Z' })
    expect(must(report).failures[0]?.message).toContain(`gate run on ${at}, seed 1`)
    expect(must(report).failures[0]?.message).toContain(how.message)
    expect(isKept).toBe(false)
  })

  it('and not where the device is lost of itself', async () => {
    const unplugged: LabError = { kind: 'device-lost', message: 'unplugged' }
    const { report, at, isKept } = await proofThatEnds(unplugged, { call: 'analyse', isAt: () => true })
    expect(at).not.toBe('')
    expect(report).toMatchObject({ ok: false, error: unplugged })
    expect(isKept).toBe(true)
  })
})
