import { describe, expect, it } from 'vitest'
import type { EvidenceRecord } from './evidence.ts'
import { type EvidenceRecords, evidenceFileSchema, packEvidence } from './evidence-file.ts'
import { sampleRecord } from './evidence-fixture.ts'
import { fullShape, packBuild, shortShape, unpackBuild } from './evidence-text.ts'
import { formatShape, shapeSchema } from './shape.ts'

const shapeOf = (values: object) => formatShape(shapeSchema.parse({ m: 1, n: 64, k: 8, ...values }))
const shapes = [
  shapeOf({ bias: true }),
  shapeOf({ act: 'silu' }),
  shapeOf({ beta: 1, accumulate: true, act: 'relu' }),
  shapeOf({ bias: true, n: 1152, k: 896 }),
  shapeOf({ batch: 2, tB: true, beta: 0.5, alpha: 2, dtype: 'f32', accumulate: true, bias: true }),
].sort()
const base = `clang 22 ${Array.from({ length: 40 }, (_, i) => `-flag${i}`).join(' ')} -Imsl@1`
const vector = base.replace('-flag39', '-flag39 -DKLAB_VECTOR=1 -fno-vectorize')

/** As the gates of a real proof write it: everything that a record may hold. */
const fullRecord: EvidenceRecord = sampleRecord({
  sourceHash: 'a'.repeat(64),
  entryHash: 'b'.repeat(64),
  flags: base,
  proofSources: { 'contract/shape.ts': '00112233', 'harness/verify/gates.ts': '44556677', 'top.ts': '8899aabb' },
  shapes,
  tiers: [
    { tier: 'loop', flags: base, shapes: 0, worstMargin: null, refusal: 'it waits' },
    { tier: 'vector', flags: vector, shapes: 3, worstMargin: 0.5 },
  ],
  beside: ['batch'],
  gates: [
    { gate: 'bound', runs: 9, worstMargin: 0.5, worstShape: shapes[0] ?? '', worstSeed: 1 },
    { gate: 'exact', runs: 9, worstMargin: null, worstShape: shapes[1] ?? '', worstSeed: 2 },
  ],
  sanitizer: { shapes: [shapes[0] ?? ''], checks: ['bounds', 'races'], schedules: 2 },
  mutants: [
    {
      id: 'drop-last-term@57:9',
      operator: 'drop-last-term',
      line: 57,
      change: 'k < K → k + 1 < K',
      outcome: 'rejected',
      gate: 'exact',
      shape: shapes[0],
      seed: 2,
    },
    {
      id: 'remove-barrier@90:3',
      operator: 'remove-barrier',
      line: 90,
      change: 'threadgroup_barrier(…) → nothing',
      outcome: 'equivalent',
      reason: 'the same bits on 12 inputs; nothing was seen',
    },
    {
      id: 'skip-store@95:3',
      operator: 'skip-store',
      line: 95,
      change: 'C[n] = v → nothing',
      outcome: 'untested',
      reason: 'none of the 12 watched shapes is seen to run line 95',
    },
    {
      id: 'loosen-guard@tile.h:8:20',
      operator: 'loosen-guard',
      file: 'tile.h',
      line: 8,
      change: 'r < rows → r <= rows',
      outcome: 'rejected',
      gate: 'sanitizer',
      shape: shapes[1],
      seed: 1,
      reason: 'out-of-bounds in line 8',
    },
  ],
})
const recordOf = (change: Partial<EvidenceRecord> = {}) => ({ ...fullRecord, ...change })

const fileOf = (flags: EvidenceRecords) => packEvidence({ variant: 'b/v', devices: { cpu: flags } })
const readBack = (flags: EvidenceRecords) =>
  evidenceFileSchema.parse(JSON.parse(JSON.stringify(fileOf(flags)))).devices.cpu

describe('the evidence file', () => {
  it('gives every record back in full, whatever its flags share', () => {
    const other = recordOf({ sourceHash: 'c'.repeat(64), shapes: shapes.slice(0, 1), flags: vector, seeds: [4] })
    const watched = recordOf({ sanitizer: { shapes: shapes.slice(0, 2), checks: ['bounds'], schedules: 2 } })
    expect(readBack({ bias: watched })?.bias).toEqual(watched)
    const { sanitizer: _, mutants: __, tiers: ___, beside: ____, ...old } = recordOf()
    const flags = { bias: recordOf(), batch: other, smallK: recordOf({ provenAt: 'later' }), smallMN: old }
    expect(readBack(flags)).toEqual(flags)
    expect(readBack({ bias: recordOf() })?.bias).toEqual(recordOf())
  })

  it('keeps what was proven on each kind of device to itself', () => {
    const metal = recordOf({ deviceKind: 'metal', deviceName: 'M4', compiler: 'metal 4', tiers: undefined })
    const devices = { cpu: { bias: recordOf(), batch: recordOf() }, metal: { bias: metal } }
    const both = packEvidence({ variant: 'b/v', devices })
    expect(evidenceFileSchema.parse(JSON.parse(JSON.stringify(both)))).toEqual({ variant: 'b/v', devices })
    expect(both.devices.cpu).toEqual(fileOf(devices.cpu).devices.cpu)
    expect(packEvidence({ variant: 'b/v', devices: { ...devices, cpu: {} } }).devices.cpu).toBeUndefined()
  })

  it('is not read in a format that cannot tell devices apart', () => {
    const file = { ...fileOf({ bias: recordOf() }).devices.cpu, format: 2, variant: 'b/v' }
    expect(evidenceFileSchema.safeParse(file).success).toBe(false)
  })

  it('writes once what flags share', () => {
    const one = JSON.stringify(fileOf({ bias: recordOf() }))
    const two = JSON.stringify(fileOf({ bias: recordOf(), batch: recordOf() }))
    expect(two.length - one.length).toBeLessThan(40)
  })

  it('is refused when a part of it is gone or damaged', () => {
    const packed = fileOf({ bias: recordOf() })
    const section = packed.devices.cpu!
    const damaged = [
      { ...section, builds: [] },
      { ...section, shared: {} },
      { ...section, shared: { ...section.shared, 'tier.vector': undefined } },
      { ...section, shared: { ...section.shared, seeds: 'many' } },
      { ...section, shapes: { bias: 'all of them' } },
    ]
    const files = [...damaged.map((cpu) => ({ ...packed, devices: { cpu } })), { ...packed, format: 4 }]
    for (const file of files) expect(evidenceFileSchema.safeParse(JSON.parse(JSON.stringify(file))).success).toBe(false)
  })
})

describe('shapes and builds as text', () => {
  it('are shortened without loss, or left as they are', () => {
    for (const shape of [...shapes, 'm=1', 'anything', '']) expect(fullShape(shortShape(shape))).toBe(shape)
    expect(shortShape(shapes[0] ?? '')).toBe('1x1152x896:bias=1')
    for (const build of [vector, base, '', 'x', 'a b']) expect(unpackBuild(packBuild(build, base), base)).toBe(build)
    expect(packBuild(vector, base)).toBe('[0+42] -DKLAB_VECTOR=1 -fno-vectorize [42+1]')
  })
})
