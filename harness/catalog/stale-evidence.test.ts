import { describe, expect, it } from 'vitest'
import type { EvidenceRecord } from '#contract/evidence.ts'
import type { Tier, TierEvidence } from '#contract/tier.ts'
import { type CurrentDevice, staleReason } from './stale-evidence.ts'

const kernel = { sourceHash: 's', entryHash: 'e', usesDeviceBaseline: false }
const proven = (tier: string, flags: string): TierEvidence => ({ tier, flags, shapes: 1, worstMargin: 0.5 })
const refused = (tier: string, flags: string): TierEvidence => ({
  tier,
  flags,
  shapes: 0,
  worstMargin: null,
  refusal: 'no such operation',
})
const recordOf = (tiers?: TierEvidence[]): EvidenceRecord => ({
  sourceHash: 's',
  entryHash: 'e',
  compiler: 'clang 22',
  flags: '-O2',
  mathMode: 'fast',
  deviceKind: 'cpu',
  deviceName: 'Test CPU',
  labVersion: '0',
  provenAt: '2026-01-02T03:04:05Z',
  seeds: [1, 2, 3],
  shapes: ['m=1,n=64,k=8,bias=1'],
  gates: ['bound', 'exact', 'guard', 'poison'].map((gate) => ({
    gate,
    runs: 1,
    worstMargin: null,
    worstShape: 'm=1,n=64,k=8',
    worstSeed: 1,
  })),
  sanitizer: { shapes: ['m=1,n=64,k=8'], checks: ['bounds'], schedules: 2 },
  mutants: [{ id: 'x@1:1', operator: 'x', line: 1, change: 'a → b', outcome: 'rejected' }],
  ...(tiers ? { tiers } : {}),
})

const threads: Tier[] = [
  { name: 'loop', flags: '-O2' },
  { name: 'fiber', flags: '-O2' },
]
const vector: Tier = { name: 'vector', flags: '-O2 -DKLAB_VECTOR=1 pass@1' }
const deviceWith = (tiers: Tier[], more: Partial<CurrentDevice> = {}): CurrentDevice => ({
  kind: 'cpu',
  compiler: 'clang 22',
  tiers,
  ...more,
})
const reasonOf = (tiers: TierEvidence[] | undefined, device: CurrentDevice) =>
  staleReason({ flag: 'bias', record: recordOf(tiers) }, kernel, device)

describe('evidence and the tiers of the device', () => {
  it('holds for every tier that was proven or refused in the build that is there now', () => {
    const both = [proven('fiber', '-O2'), proven('vector', vector.flags)]
    expect(reasonOf(both, deviceWith([...threads, vector]))).toBeNull()
    expect(
      reasonOf([proven('loop', '-O2'), refused('vector', vector.flags)], deviceWith([...threads, vector])),
    ).toBeNull()
  })

  it('holds where there are fewer tiers than were proven', () => {
    const both = [proven('fiber', '-O2'), proven('vector', vector.flags)]
    expect(reasonOf(both, deviceWith(threads))).toBeNull()
    expect(reasonOf(both, deviceWith([...threads, { ...vector, flags: '', missing: 'no LLVM' }]))).toBeNull()
  })

  it.each<[string, Partial<EvidenceRecord>, RegExp]>([
    ['one of its gates', { gates: recordOf().gates.slice(1) }, /did not run the bound gate/],
    ['the bound', { gates: recordOf().gates.map((gate) => ({ ...gate, worstMargin: 1.5 })) }, /over the bound/],
    ['its seeds', { seeds: [1, 1, 1] }, /fewer than 3 seeds/],
    ['watching', { sanitizer: undefined }, /before kernels were watched and mutated/],
    ['mutants', { mutants: undefined }, /before kernels were watched and mutated/],
  ])('is none without %s', (_, change, reason) => {
    const record = { ...recordOf([proven('fiber', '-O2')]), ...change }
    expect(staleReason({ flag: 'bias', record }, kernel, deviceWith(threads))).toMatch(reason)
  })

  it('is none when a mutant survived', () => {
    const mutant = { id: 'x@1:1', operator: 'x', line: 1, change: 'a → b', outcome: 'survived' as const }
    const record = { ...recordOf([proven('fiber', '-O2')]), mutants: [mutant] }
    expect(staleReason({ flag: 'bias', record }, kernel, deviceWith(threads))).toMatch(/no gate noticed/)
  })

  it('says nothing of a device without tiers, or of another kind', () => {
    expect(reasonOf(undefined, deviceWith([]))).toBeNull()
    expect(reasonOf(undefined, { ...deviceWith(threads), kind: 'metal' })).toBeNull()
  })

  it.each([
    ['records no tiers', undefined, 'does not say which tiers ran it'],
    ['lacks a tier', [proven('fiber', '-O2')], 'did not try the vector tier, which a run may choose'],
    [
      'is of another build of a tier',
      [proven('fiber', '-O2'), proven('vector', '-O2 -DKLAB_VECTOR=1 pass@0')],
      'is of another build of the vector tier',
    ],
    [
      'knows a build by a refusal in another tier only',
      [refused('loop', '-O2'), proven('vector', '-O2 -DKLAB_VECTOR=1 pass@1')],
      'did not try the fiber tier, which a run may choose',
    ],
    [
      'is of a refusal by another build',
      [proven('fiber', '-O2'), refused('vector', '-O2 -DKLAB_VECTOR=1 pass@0')],
      'is of another build of the vector tier',
    ],
  ])('is stale when it %s', (_, tiers, reason) => {
    expect(reasonOf(tiers, deviceWith([...threads, vector]))).toBe(`its proof of 2026-01-02T03:04:05Z ${reason}`)
  })

  it('does not vouch for a run in a tier that refused every shape', () => {
    const tiers = [proven('fiber', '-O2'), refused('vector', vector.flags)]
    const ran = (tier: Tier) => deviceWith([...threads, vector], { ran: { tier: tier.name, flags: tier.flags } })
    expect(reasonOf(tiers, ran(vector))).toMatch(/ran no shape in the vector tier, which this run chose$/)
    expect(reasonOf(tiers, ran(threads[0] as Tier))).toBeNull()
  })
})
