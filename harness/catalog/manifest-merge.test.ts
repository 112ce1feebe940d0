import { describe, expect, it } from 'vitest'
import type { ManifestChange } from '#contract/manifest-merge.ts'
import { mergeManifests } from './manifest-merge.ts'
import { expectValue } from './workspace-fixture.ts'

const entry = (name: string, change: object = {}) => ({
  name,
  library: 'l',
  supports: { bias: false, batch: false },
  ...change,
})
const textOf = (manifest: object, indent = 3) => `${JSON.stringify(manifest, null, indent)}\n`
const merge = (
  texts: { base: object; mine: object; theirs: object },
  choices: Parameters<typeof mergeManifests>[2] = [],
) =>
  expectValue(
    mergeManifests(
      'm.json',
      { base: textOf(texts.base), mine: textOf(texts.mine), theirs: textOf(texts.theirs), theirsHash: 'h' },
      choices,
    ),
  )
const brief = (changes: ManifestChange[]) =>
  changes.map(({ variant, keys, by, taken }) => `${variant} ${keys.join('.')} ${by} ${taken}`)

describe('merging a manifest', () => {
  const base = { m1: [entry('a'), entry('b')] }

  it('takes what only one side changed, and leaves every other byte of the disk alone', () => {
    const mine = { m1: [entry('a', { supports: { bias: true, batch: false } }), entry('b')] }
    const theirs = { m1: [entry('b', { params: { BN: 4 } }), entry('a')], x: [] }
    const merged = merge({ base, mine, theirs })
    expect(brief(merged.changes).sort()).toEqual(['m1/a supports.bias mine mine', 'm1/b params theirs theirs'])
    expect(merged.mergedText).toBe(
      textOf({
        m1: [entry('b', { params: { BN: 4 } }), entry('a', { supports: { bias: true, batch: false } })],
        x: [],
      }),
    )
  })

  it('shows all three values of a conflict, with theirs until mine is chosen', () => {
    const mine = { m1: [entry('a', { tileBM: 8 }), entry('b')] }
    const theirs = { m1: [entry('a', { tileBM: 16 }), entry('b')] }
    const merged = merge({ base, mine, theirs })
    expect(merged.changes).toEqual([
      { variant: 'm1/a', keys: ['tileBM'], by: 'conflict', mine: 8, theirs: 16, taken: 'theirs' },
    ])
    expect(merged.mergedText).toBe(textOf(theirs))
    const chosen = merge({ base, mine, theirs }, [{ variant: 'm1/a', keys: ['tileBM'], side: 'mine' }])
    expect(chosen.mergedText).toBe(textOf(mine))
  })

  it('adds and removes whole entries, in lists that are there and in new ones', () => {
    const mine = { m1: [entry('b'), entry('c')], new: [entry('d')] }
    const theirs = { m1: [entry('z'), entry('a'), entry('b')] }
    const merged = merge({ base, mine, theirs })
    expect(brief(merged.changes).sort()).toEqual([
      'm1/a  mine mine',
      'm1/c  mine mine',
      'm1/z  theirs theirs',
      'new/d  mine mine',
    ])
    expect(JSON.parse(merged.mergedText)).toEqual({ m1: [entry('z'), entry('b'), entry('c')], new: [entry('d')] })
  })

  it('is a conflict to change what the other removed', () => {
    const mine = { m1: [entry('a', { enabled: false }), entry('b')] }
    const merged = merge({ base, mine, theirs: { m1: [entry('b')] } })
    expect(brief(merged.changes)).toEqual(['m1/a  conflict theirs'])
    expect(JSON.parse(merged.mergedText)).toEqual({ m1: [entry('b')] })
  })

  it('counts a change that both made as one, and says which text is not JSON', () => {
    const same = { m1: [entry('a', { enabled: false }), entry('b')] }
    expect(brief(merge({ base, mine: same, theirs: same }).changes)).toEqual(['m1/a enabled both theirs'])
    const broken = mergeManifests('m.json', { base: '{}', mine: '{', theirs: '{}', theirsHash: '' })
    expect(broken).toMatchObject({ ok: false, error: { kind: 'manifest' } })
  })
})
