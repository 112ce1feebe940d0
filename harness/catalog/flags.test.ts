import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EvidenceRecord } from '#contract/evidence.ts'
import { sampleRecord } from '#contract/evidence-fixture.ts'
import type { Flag, FlagStatus } from '#contract/manifest.ts'
import { formatShape } from '#contract/shape.ts'
import { type CouldBe, writeCouldBe } from '../store/could-be.ts'
import { evidencePath } from '../store/evidence-file.ts'
import type { CurrentDevice } from './current-device.ts'
import { claimOf, flagStatuses } from './flags.ts'
import { manifestOf, resolveTarget } from './resolve-target.ts'
import type { Workspace } from './workspace.ts'
import { expectValue, openFixture, putFile, shapeOf, supportsAll } from './workspace-fixture.ts'
import { setFlagsProven, unsetFlag, withdrawEvidence } from './write-flags.ts'

const cpu: CurrentDevice = { kind: 'cpu', compiler: 'clang 19', mathMode: 'fast', tiers: [] }
const metal: CurrentDevice = { ...cpu, kind: 'metal', compiler: 'metal 4' }

const manifestText = JSON.stringify(
  { m1_x: [{ name: 'v', library: 'lib', supports: supportsAll({ bias: false, batch: true }) }] },
  null,
  3,
)

const openOne = () =>
  openFixture({
    'kernels/lib.metal': '#include "part.h"\nkernel void f() {}',
    'kernels/part.h': '#define X 1',
    'manifests/variants_enhanced.json': manifestText,
  })

function recordOf(workspace: Workspace, change: Partial<EvidenceRecord> = {}): EvidenceRecord {
  const { sourceHash, entryHash } = expectValue(resolveTarget(workspace, 'm1_x/v'))
  return sampleRecord({
    sourceHash,
    entryHash,
    compiler: 'clang 19',
    shapes: ['m=1,n=64,k=8,bias=1', 'm=1,n=64,k=8,batch=2,accumulate=1'],
    beside: ['bias', 'batch', 'smallK', 'smallMN'],
    ...change,
  })
}

function statusOf(workspace: Workspace, flag: Flag, device = cpu): FlagStatus {
  const status = flagStatuses(workspace, expectValue(manifestOf(workspace)), device).find(
    (candidate) => candidate.flag === flag,
  )
  if (!status) throw new Error(`no ${flag}`)
  return status
}

describe('flags', () => {
  it('are off, or claimed without evidence', () => {
    const workspace = openOne()
    expect(statusOf(workspace, 'bias')).toEqual({
      variant: 'm1_x/v',
      flag: 'bias',
      value: false,
      state: 'off',
      device: 'cpu',
      reason: 'false in the manifest',
    })
    expect(statusOf(workspace, 'batch')).toMatchObject({
      value: true,
      state: 'claimed',
      reason: 'true in the manifest, without evidence',
    })
  })

  it('are proven once their evidence is written, with every other byte of the manifest untouched', () => {
    const workspace = openOne()
    const { evidencePath: path } = expectValue(
      setFlagsProven(workspace, { variant: 'm1_x/v', records: { bias: recordOf(workspace) } }),
    )
    expect(path).toBe(join(workspace.root, 'manifests/evidence/m1_x/v.json'))
    expect(readFileSync(join(workspace.root, 'manifests/variants_enhanced.json'), 'utf8')).toBe(
      manifestText.replace('"bias": false', '"bias": true'),
    )
    expect(statusOf(workspace, 'bias')).toMatchObject({
      value: true,
      state: 'proven',
      reason: 'proven at 2026-01-02T03:04:05Z on Test CPU (cpu) over 2 shapes and 3 seeds',
    })
    expect(statusOf(workspace, 'batch').state).toBe('claimed')
  })

  it('stay proven when another flag is proven or switched, and evidence of both is kept', () => {
    const workspace = openOne()
    for (const flag of ['bias', 'smallK'] as const)
      expectValue(setFlagsProven(workspace, { variant: 'm1_x/v', records: { [flag]: recordOf(workspace) } }))
    expectValue(unsetFlag(workspace, { variant: 'm1_x/v', flag: 'batch' }))
    expect(['bias', 'smallK', 'batch'].map((flag) => statusOf(workspace, flag as Flag).state)).toEqual([
      'proven',
      'proven',
      'off',
    ])
    const text = readFileSync(
      evidencePath(join(workspace.root, 'manifests/variants_enhanced.json'), { backend: 'm1_x', name: 'v' }),
      'utf8',
    )
    expect(text.indexOf('"bias"')).toBeLessThan(text.indexOf('"smallK"'))
  })

  it.each([
    [
      'kernels/lib.metal',
      '#include "part.h"\nkernel void f() { }',
      'the kernel source (or a file it includes) changed',
    ],
    ['kernels/part.h', '#define X 2', 'the kernel source (or a file it includes) changed'],
    [
      'manifests/variants_enhanced.json',
      manifestText.replace('"bias": false', '"bias": true').replace('"f"', '"f", "functionNameBias": "g"'),
      'the manifest entry or its launch declaration changed',
    ],
  ])('turn claimed when %s changes, saying so', (path, text, reason) => {
    const workspace = openOne()
    expectValue(setFlagsProven(workspace, { variant: 'm1_x/v', records: { bias: recordOf(workspace) } }))
    putFile(workspace.root, path, text)
    expect(statusOf(workspace, 'bias')).toMatchObject({
      value: true,
      state: 'claimed',
      reason: `${reason} since it was proven at 2026-01-02T03:04:05Z`,
    })
  })

  it('turn claimed under another compiler', () => {
    const workspace = openOne()
    expectValue(setFlagsProven(workspace, { variant: 'm1_x/v', records: { bias: recordOf(workspace) } }))
    expect(statusOf(workspace, 'bias', { ...cpu, compiler: 'clang 22' })).toMatchObject({
      state: 'claimed',
      reason: expect.stringContaining('from clang 19 to clang 22'),
    })
  })

  it('are proven on the kind of device on which they were, and claimed on every other, saying so', () => {
    const workspace = openOne()
    expectValue(setFlagsProven(workspace, { variant: 'm1_x/v', records: { bias: recordOf(workspace) } }))
    const elsewhere = 'proven on cpu (Test CPU, 2026-01-02T03:04:05Z), not on metal: prove it there'
    expect(statusOf(workspace, 'bias', metal)).toMatchObject({ state: 'claimed', device: 'metal', reason: elsewhere })
    const record = recordOf(workspace, { deviceKind: 'metal', deviceName: 'M4', compiler: 'metal 4' })
    expectValue(setFlagsProven(workspace, { variant: 'm1_x/v', records: { bias: record } }))
    const states = () => [cpu, metal].map((device) => statusOf(workspace, 'bias', device).state)
    expect(states()).toEqual(['proven', 'proven'])
    expectValue(setFlagsProven(workspace, { variant: 'm1_x/v', records: { batch: recordOf(workspace) } }))
    expect(states()).toEqual(['proven', 'proven'])
    putFile(workspace.root, 'kernels/part.h', '#define X 2')
    expect(statusOf(workspace, 'bias', { ...metal, kind: 'cuda' }).reason).toMatch(
      /^proven on cpu \(.*\), which does not hold any more: the kernel source .* and on metal \(M4, .* not on cuda/,
    )
  })

  it('lose their evidence on the device where they fail, and only there', () => {
    const workspace = openOne()
    const onMetal = recordOf(workspace, { deviceKind: 'metal', deviceName: 'M4', compiler: 'metal 4' })
    for (const record of [recordOf(workspace), onMetal])
      expectValue(setFlagsProven(workspace, { variant: 'm1_x/v', records: { bias: record, batch: record } }))
    const { sourceHash, entryHash } = recordOf(workspace)
    const target = { variant: 'm1_x/v', flags: ['bias' as const], sourceHash, entryHash }
    expect(expectValue(withdrawEvidence(workspace, { ...target, sourceHash: 'another' }, cpu))).toEqual({})
    expect(expectValue(withdrawEvidence(workspace, target, { ...cpu, compiler: 'clang 22' }))).toEqual({})
    expect(expectValue(withdrawEvidence(workspace, target, cpu))).toEqual({ bias: '2026-01-02T03:04:05Z' })
    const states = ([flag, device]: [Flag, CurrentDevice]) => statusOf(workspace, flag, device)
    const all: [Flag, CurrentDevice][] = [
      ['bias', cpu],
      ['bias', metal],
      ['batch', cpu],
      ['batch', metal],
    ]
    expect(all.map(states).map(({ value, state }) => [value, state])).toEqual([
      [true, 'claimed'],
      [true, 'proven'],
      [true, 'proven'],
      [true, 'proven'],
    ])
    for (const device of [cpu, metal])
      expectValue(withdrawEvidence(workspace, { ...target, flags: ['bias', 'batch'] }, device))
    const path = evidencePath(join(workspace.root, 'manifests/variants_enhanced.json'), { backend: 'm1_x', name: 'v' })
    expect(existsSync(path)).toBe(false)
    expect(statusOf(workspace, 'batch').reason).toBe('true in the manifest, without evidence')
  })

  it('are claimed when a later proof failed, whatever record of the same kernel lies there', () => {
    const workspace = openOne()
    expectValue(setFlagsProven(workspace, { variant: 'm1_x/v', records: { bias: recordOf(workspace) } }))
    const { sourceHash, entryHash, compiler } = recordOf(workspace)
    const note = (checkedAt: string, change: Partial<CouldBe> = {}) => {
      const is = { sourceHash, entryHash, compiler, device: 'cpu', isTrue: false, reason: 'gate exact on …', checkedAt }
      expectValue(writeCouldBe(workspace.stateFolder, [{ variant: 'm1_x/v', flag: 'bias', is: { ...is, ...change } }]))
      return statusOf(workspace, 'bias')
    }
    expect(note('2026-01-02T03:04:06Z')).toMatchObject({
      state: 'claimed',
      reason: 'true in the manifest, but its proof of 2026-01-02T03:04:06Z on cpu failed: gate exact on …',
    })
    expect(note('2026-01-02T03:04:04Z').state).toBe('proven')
    expect(note('2026-01-02T03:04:06Z', { sourceHash: 'another' }).state).toBe('proven')
    expect(note('2026-01-02T03:04:06Z', { isTrue: true }).state).toBe('proven')
  })

  it('are claimed when the evidence is about another flag', () => {
    const workspace = openOne()
    const record = recordOf(workspace, { shapes: ['m=64,n=64,k=64,batch=2'] })
    expectValue(setFlagsProven(workspace, { variant: 'm1_x/v', records: { bias: record } }))
    expect(statusOf(workspace, 'bias')).toMatchObject({
      state: 'claimed',
      reason: 'its evidence holds no shape that needs bias',
    })
  })

  it('are claimed when two were never proven beside each other', () => {
    const workspace = openOne()
    const alone = recordOf(workspace, { beside: [] })
    for (const flag of ['bias', 'batch'] as const)
      expectValue(setFlagsProven(workspace, { variant: 'm1_x/v', records: { [flag]: alone } }))
    expect([statusOf(workspace, 'bias'), statusOf(workspace, 'batch')]).toMatchObject([
      { state: 'claimed', reason: 'proven, but never beside batch, which is on too: prove one of them again' },
      { state: 'claimed', reason: 'proven, but never beside bias, which is on too: prove one of them again' },
    ])
    const record = recordOf(workspace, { beside: ['batch'] })
    expectValue(setFlagsProven(workspace, { variant: 'm1_x/v', records: { bias: record } }))
    expect(['bias', 'batch'].map((flag) => statusOf(workspace, flag as Flag).state)).toEqual(['proven', 'proven'])
  })

  it('are claimed when the evidence is damaged', () => {
    const workspace = openOne()
    putFile(workspace.root, 'manifests/evidence/m1_x/v.json', '{"format": 1')
    expect(statusOf(workspace, 'batch')).toMatchObject({
      state: 'claimed',
      reason: expect.stringContaining('is not JSON'),
    })
  })

  it('are not written when the kernel changed while it was being proven', () => {
    const workspace = openOne()
    const record = recordOf(workspace)
    putFile(workspace.root, 'kernels/part.h', '#define X 3')
    expect(setFlagsProven(workspace, { variant: 'm1_x/v', records: { bias: record } })).toMatchObject({
      ok: false,
      error: { kind: 'conflict' },
    })
    expect(statusOf(workspace, 'bias').state).toBe('off')
  })

  it('turn off at any time, also when they are off', () => {
    const workspace = openOne()
    const path = join(workspace.root, 'manifests/variants_enhanced.json')
    expectValue(unsetFlag(workspace, { variant: 'm1_x/v', flag: 'batch' }))
    expect(readFileSync(path, 'utf8')).toBe(manifestText.replace('"batch": true', '"batch": false'))
    expectValue(unsetFlag(workspace, { variant: 'm1_x/v', flag: 'batch' }))
    expect(unsetFlag(workspace, { variant: 'm1_x/w', flag: 'batch' })).toMatchObject({
      ok: false,
      error: { kind: 'not-found', message: expect.stringContaining('near it: m1_x/v') },
    })
    writeFileSync(path, '{')
    expect(unsetFlag(workspace, { variant: 'm1_x/v', flag: 'batch' })).toMatchObject({
      ok: false,
      error: { kind: 'manifest' },
    })
  })
})

describe('claimOf', () => {
  it('is proven only when every flag that the shape needs is', () => {
    const workspace = openOne()
    expectValue(setFlagsProven(workspace, { variant: 'm1_x/v', records: { bias: recordOf(workspace) } }))
    const statuses = flagStatuses(workspace, expectValue(manifestOf(workspace)), cpu)
    const claim = (shape: Parameters<typeof shapeOf>[0]) =>
      claimOf(statuses, { variant: 'm1_x/v', shape: shapeOf(shape) })
    expect(claim({ m: 64, n: 64, k: 64 })).toBe('none')
    expect(claim({ m: 64, n: 64, k: 64, bias: true })).toBe('proven')
    expect(claim({ m: 1, n: 64, k: 64, bias: true })).toBe('claimed')
    const skipped = [formatShape(shapeOf({ m: 64, n: 640, k: 64, bias: true }))]
    const record = recordOf(workspace, { skipped })
    expectValue(setFlagsProven(workspace, { variant: 'm1_x/v', records: { bias: record } }))
    const again = flagStatuses(workspace, expectValue(manifestOf(workspace)), cpu)
    const claimNow = (n: number) =>
      claimOf(again, { variant: 'm1_x/v', shape: shapeOf({ m: 64, n, k: 64, bias: true, dtype: 'bf16' }) })
    expect([claimNow(64), claimNow(640)]).toEqual(['proven', 'claimed'])
    expect(statusOf(workspace, 'bias').reason).toMatch(/only claimed on m=64,n=640,.*: too large to run$/)
  })
})
