import { describe, expect, it } from 'vitest'
import type { EvidenceRecord } from '#contract/evidence.ts'
import { sampleRecord } from '#contract/evidence-fixture.ts'
import type { Tier, TierEvidence } from '#contract/tier.ts'
import type { CurrentDevice } from './current-device.ts'
import { staleReason } from './stale-evidence.ts'

const kernel = { sourceHash: 's', entryHash: 'e', usesDeviceBaseline: false }
const proven = (tier: string, flags: string): TierEvidence => ({ tier, flags, shapes: 1, worstMargin: 0.5 })
const refused = (tier: string, flags: string): TierEvidence => ({
  tier,
  flags,
  shapes: 0,
  worstMargin: null,
  refusal: 'no such operation',
})
const recordOf = (tiers?: TierEvidence[]) => sampleRecord(tiers ? { tiers } : {})

const threads: Tier[] = [
  { name: 'loop', flags: '-O2' },
  { name: 'fiber', flags: '-O2' },
]
const vector: Tier = { name: 'vector', flags: '-O2 -DKLAB_VECTOR=1 pass@1' }
const deviceWith = (tiers: Tier[], more: Partial<CurrentDevice> = {}): CurrentDevice => ({
  kind: 'cpu',
  compiler: 'clang 22',
  mathMode: 'fast',
  tiers,
  ...more,
})
const reasonOf = (tiers: TierEvidence[] | undefined, device: CurrentDevice) =>
  staleReason({ flag: 'bias', record: recordOf(tiers) }, kernel, device)

it('does not outlive the gates that it passed', () => {
  const tiers = [proven('fiber', '-O2')]
  const device = deviceWith([{ name: 'fiber', flags: '-O2' }], { proofSources: { 'gates.ts': 'now' } })
  const reason = (hash?: string) => {
    const record = { ...recordOf(tiers), ...(hash === undefined ? {} : { proofSources: { 'gates.ts': hash } }) }
    return staleReason({ flag: 'bias', record }, kernel, device)
  }
  expect(reason('now')).toBeNull()
  expect(reason('before')).toBe('the gates changed (gates.ts) since it was proven at 2026-01-02T03:04:05Z')
  expect(reason()).toBe('its proof of 2026-01-02T03:04:05Z does not say which gates it passed')
})

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

  it('says nothing of a device without tiers', () => {
    expect(reasonOf(undefined, deviceWith([]))).toBeNull()
  })

  it('is compared with the kernel only when it is of another kind of device', () => {
    const metal = { ...deviceWith([...threads, vector]), kind: 'metal', compiler: 'metal 4', mathMode: 'safe' }
    expect(reasonOf(undefined, metal)).toBeNull()
    const record = { ...recordOf(), sourceHash: 'another' }
    expect(staleReason({ flag: 'bias', record }, kernel, metal)).toMatch(/^the kernel source .* changed since/)
  })

  const since = 'since it was proven at 2026-01-02T03:04:05Z'
  const proof = 'its proof of 2026-01-02T03:04:05Z'
  const long = `pass@${'0123456789abcdef'.repeat(4)}`
  it.each([
    ['records no tiers', undefined, `${proof} does not say which tiers ran it`],
    ['lacks a tier', [proven('fiber', '-O2')], `${proof} did not try the vector tier, which a run may choose`],
    [
      'is of another build of a tier',
      [proven('fiber', '-O2'), proven('vector', `-O2 -DKLAB_VECTOR=1 ${long} -g`)],
      `the compiler flags of the vector tier changed from pass@0123456789ab… -g to pass@1 ${since}`,
    ],
    [
      'knows a build by a refusal in another tier only',
      [refused('loop', '-O2'), proven('vector', '-O2 -DKLAB_VECTOR=1 pass@1')],
      `${proof} did not try the fiber tier, which a run may choose`,
    ],
    [
      'is of a refusal by another build',
      [proven('fiber', '-O2'), refused('vector', '-O2 -DKLAB_VECTOR=1')],
      `the compiler flags of the vector tier changed from nothing to pass@1 ${since}`,
    ],
    [
      'is of the same flags in another order',
      [proven('fiber', '-O2'), proven('vector', 'pass@1 -DKLAB_VECTOR=1 -O2')],
      `the compiler flags of the vector tier stand in another order ${since}`,
    ],
    [
      'names flags that none of its tiers had',
      [proven('fiber', '-O2'), proven('vector', vector.flags)],
      `${proof} names compiler flags that none of its tiers had`,
      { flags: '-O0' },
    ],
    [
      'is of another math mode',
      [proven('fiber', '-O2'), proven('vector', vector.flags)],
      `the math mode changed from safe to fast ${since}`,
      { mathMode: 'safe' },
    ],
  ] as [string, TierEvidence[] | undefined, string, Partial<EvidenceRecord>?][])(
    'is stale when it %s',
    (...[, tiers, reason, change = {}]) => {
      const record = { ...recordOf(tiers), ...change }
      expect(staleReason({ flag: 'bias', record }, kernel, deviceWith([...threads, vector]))).toBe(reason)
    },
  )

  it('is compared with the build of a run where the device has no tiers', () => {
    const ran = (flags: string) => deviceWith([], { ran: { tier: '', flags } })
    expect(reasonOf(undefined, ran('-O2'))).toBeNull()
    expect(reasonOf(undefined, ran('-O3'))).toBe(`the compiler flags changed from -O2 to -O3 ${since}`)
  })

  it('does not vouch for a run in a tier that refused every shape', () => {
    const tiers = [proven('fiber', '-O2'), refused('vector', vector.flags)]
    const ran = (tier: Tier) => deviceWith([...threads, vector], { ran: { tier: tier.name, flags: tier.flags } })
    expect(reasonOf(tiers, ran(vector))).toMatch(/ran no shape in the vector tier, which this run chose$/)
    expect(reasonOf(tiers, ran(threads[0] as Tier))).toBeNull()
  })
})
