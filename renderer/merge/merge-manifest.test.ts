import { describe, expect, it } from 'vitest'
import { absent, mergeManifest, offsetOf, pathText, withValueAt } from './merge-manifest.ts'

const variant = (name: string, flags: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => ({
  name,
  library: 'm1',
  ...more,
  supports: { transposeA: false, bias: false, functionName: 'k', ...flags },
})
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
const base = json({ m1: [variant('a'), variant('b'), variant('c')], sgemm: [variant('n')] })

describe('mergeManifest', () => {
  it('merges changes of other keys, also of one variant, without asking', () => {
    const theirs = json({ m1: [variant('a', { bias: true }), variant('b'), variant('c')], sgemm: [variant('n')] })
    const mine = json({ m1: [variant('a', { transposeA: true }), variant('b')], sgemm: [variant('n')] })
    const merge = mergeManifest({ base, theirs, mine })
    expect(merge).toMatchObject({ conflicts: [], theirChanges: 1, myChanges: 2 })
    expect(JSON.parse(merge?.text ?? '')).toEqual({
      m1: [variant('a', { bias: true, transposeA: true }), variant('b')],
      sgemm: [variant('n')],
    })
  })

  it('keeps every byte of the disk that no change of mine touches', () => {
    const odd = base.replace('"library": "m1",', '"library":   "m1",   ').replace('{\n', '{\n  "$note": "kept",\n')
    const mine = json({ m1: [variant('a'), variant('b'), variant('c', { bias: true })], sgemm: [variant('n')] })
    const merge = mergeManifest({ base, theirs: odd, mine })
    const place = odd.lastIndexOf('"bias": false', odd.indexOf('"sgemm"'))
    expect(merge?.text).toBe(`${odd.slice(0, place)}"bias": true${odd.slice(place + '"bias": false'.length)}`)
  })

  it('asks about one key that both changed, and about what one removed and the other changed', () => {
    const theirs = json({ m1: [variant('a', {}, { tileBM: 8 }), variant('c')], sgemm: [variant('n')] })
    const mine = json({
      m1: [variant('a', {}, { tileBM: 16 }), variant('b', { bias: true }), variant('c')],
      sgemm: [variant('n')],
    })
    const merge = mergeManifest({ base, theirs, mine })
    expect(merge?.conflicts).toEqual([
      { path: ['m1', { name: 'a' }, 'tileBM'], base: absent, theirs: 8, mine: 16 },
      { path: ['m1', { name: 'b' }], base: variant('b'), theirs: absent, mine: variant('b', { bias: true }) },
    ])
    expect(merge?.text).toBe(theirs)
    expect(merge?.conflicts.map(({ path }) => pathText(path))).toEqual(['m1/a · tileBM', 'm1/b'])
  })

  it('puts decisions in, one by one, and takes them back', () => {
    const text = withValueAt(base, ['m1', { name: 'a' }, 'tileBM'], 16)
    expect(JSON.parse(text).m1[0]).toEqual(variant('a', {}, { tileBM: 16 }))
    expect(withValueAt(text, ['m1', { name: 'a' }, 'tileBM'], absent)).toBe(base)
    const added = withValueAt(base, ['m1', { name: 'd' }], variant('d'))
    expect(JSON.parse(added).m1.map(({ name }: { name: string }) => name)).toEqual(['a', 'b', 'c', 'd'])
    expect(withValueAt(added, ['m1', { name: 'd' }], absent)).toBe(base)
    expect(withValueAt(base, ['gone', { name: 'd' }], variant('d'))).toBe(base)
  })

  it('follows names, not places', () => {
    const theirs = json({ m1: [variant('c'), variant('a'), variant('b')], sgemm: [variant('n')] })
    const mine = json({ m1: [variant('a'), variant('b', { bias: true }), variant('c')], sgemm: [variant('n')] })
    const merge = mergeManifest({ base, theirs, mine })
    expect(merge?.conflicts).toEqual([])
    expect(JSON.parse(merge?.text ?? '').m1[2]).toEqual(variant('b', { bias: true }))
  })

  it('asks about every difference when the common text is not known', () => {
    const theirs = json({ m1: [variant('a', { bias: true })] })
    const mine = json({ m1: [variant('a'), variant('x')] })
    const merge = mergeManifest({ base: null, theirs, mine })
    expect(merge?.conflicts.map(({ path }) => pathText(path))).toEqual(['m1/a · supports.bias', 'm1/x'])
  })

  it('leaves to a merge by line what is no JSON, or names one variant twice', () => {
    expect(mergeManifest({ base, theirs: base, mine: base.slice(0, -9) })).toBeNull()
    expect(mergeManifest({ base, theirs: json({ m1: [variant('a'), variant('a')] }), mine: base })).toBeNull()
    expect(mergeManifest({ base, theirs: '[]', mine: base })).toBeNull()
  })

  it('finds a key in a text, or what would hold it', () => {
    expect(base.slice(offsetOf(base, ['m1', { name: 'b' }, 'supports', 'bias'])).startsWith('"bias"')).toBe(true)
    expect(base.slice(offsetOf(base, ['sgemm', { name: 'gone' }])).startsWith('"sgemm"')).toBe(true)
  })
})
