import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { editManifest, withValue } from './manifest-edit.ts'
import { ManifestSource, parseManifest, readManifest } from './manifest-file.ts'
import { expectValue, makeFolder, putFile, supportsAll } from './workspace-fixture.ts'

const parse = (text: string) => parseManifest('m.json', { text, hash: 'h' })
const entry = (rest: Record<string, unknown> = {}) => ({ name: 'v', library: 'lib', supports: supportsAll(), ...rest })

describe('reading a manifest', () => {
  it('names the comma that JSON does not allow, with line and column', () => {
    const result = parse('{\n  "mlx": [\n    1,\n  ]\n}')
    expect(result).toMatchObject({
      ok: false,
      error: {
        kind: 'manifest',
        line: 3,
        column: 6,
        message: "m.json, line 3, column 6: comma before ']': remove it, JSON allows none there",
      },
    })
  })

  it.each([
    ['{"a": [}', 1, 8],
    ['{\r\n"a": tru\r\n}', 2, 6],
    ['{"a": [] // note\n}', 1, 10],
    ['', 1, 1],
    ['[]', 1, 1],
    ['{"a": []', 1, 9],
  ])('%j fails at line %i, column %i', (text, line, column) => {
    expect(parse(text)).toMatchObject({ ok: false, error: { kind: 'manifest', line, column } })
  })

  it('reads entries with their positions, defaults and unknown keys', () => {
    const text = `\uFEFF${JSON.stringify({ mlx: [entry(), entry({ name: 'w', enabled: false, is_m1_specific: true })] }, null, 2)}`
    const reading = expectValue(parse(text))
    expect(reading.variants.map(({ id, index, enabled, baseline }) => ({ id, index, enabled, baseline }))).toEqual([
      { id: 'mlx/v', index: 0, enabled: true, baseline: false },
      { id: 'mlx/w', index: 1, enabled: false, baseline: false },
    ])
    expect(reading.variants[1]?.raw.is_m1_specific).toBe(true)
    expect([reading.positionOf(['mlx', 1]), reading.positionOf(['mlx', 0, 'supports', 'nothing'])]).toEqual([
      { line: 17, column: 5 },
      { line: 6, column: 7 },
    ])
  })

  it('leaves out what does not fit the format and keeps the rest', () => {
    const broken = { ...entry({ name: 'bad' }), supports: supportsAll({ bias: 'yes' }) }
    const reading = expectValue(parse(JSON.stringify({ comment: 'mine', mlx: [broken, 7, entry(), entry()] })))
    expect(reading.variants.map(({ id, index }) => [id, index])).toEqual([['mlx/v', 2]])
    expect(reading.invalid).toMatchObject([{ id: 'mlx/bad', reason: expect.stringContaining('supports.bias') }])
    expect(reading.problems.map(({ rule, path }) => [rule, path])).toEqual([
      ['manifest.schema', 'comment'],
      ['manifest.schema', 'mlx[0].supports.bias'],
      ['manifest.schema', 'mlx[1]'],
      ['manifest.duplicate-variant', 'mlx[3].name'],
    ])
  })

  it('counts an absent flag as false and says so', () => {
    const reading = expectValue(parse('{"mps": [{"name": "baseline", "supports": {"transposeB": true}}]}'))
    expect(reading.variants[0]?.supports).toMatchObject({ transposeA: false, transposeB: true, functionName: '' })
    expect(reading.problems[0]?.message).toBe(
      'supports lacks transposeA, smallK, smallMN, batch, bias, accumulate; an absent flag counts as false',
    )
  })

  it('takes null for absent, and names doubled keys', () => {
    const text =
      '{"a": [{"name": "v", "library": null, "supports": null}], "a": [{"name": "w", "tileBM": null, "supports": {}}]}'
    const reading = expectValue(parse(text))
    expect(reading.variants.map(({ id }) => id)).toEqual(['a/w'])
    expect(reading.problems[0]).toMatchObject({ rule: 'manifest.duplicate-key', column: text.lastIndexOf('"a"') + 1 })
  })

  it('keeps the last good state while the file is broken', () => {
    const path = putFile(makeFolder(), 'variants_enhanced.json', JSON.stringify({ mlx: [entry()] }))
    const source = new ManifestSource()
    expect(source.read(path).stale).toBeNull()
    writeFileSync(path, '{"mlx": [,]}')
    const { reading, stale } = source.read(path)
    expect([reading?.variants.length, stale?.kind]).toEqual([1, 'manifest'])
    writeFileSync(path, '{"mlx": []}')
    expect(source.read(path)).toMatchObject({ stale: null, reading: { variants: [] } })
  })

  it('says that a file is not UTF-8', () => {
    const path = putFile(makeFolder(), 'm.json', new Uint8Array([0x7b, 0xff, 0x7d]))
    expect(readManifest(path)).toMatchObject({
      ok: false,
      error: { kind: 'manifest', message: expect.stringContaining('not UTF-8') },
    })
  })
})

const layouts = {
  'four spaces': '{\n    "b": [\n        { "name": "v",   "supports": { "bias" : false, "largeK":1e2 } }\n    ]\n}\n',
  'tabs and CRLF': '{\r\n\t"b": [\r\n\t\t{"name": "v", "supports": {"bias":\tfalse\t}}\r\n\t]\r\n}',
  'byte order mark': '\uFEFF{"b":[{"name":"v","supports":{"bias":false}}]}',
  'no line end, odd spaces': '  {"b":[ {"supports":{"x":[1,2 ,3],\n\n"bias":false},"name":"v \\u00e9"} ]}   ',
}

describe('editing a manifest', () => {
  const at = ['b', 0, 'supports', 'bias']

  it.each(Object.entries(layouts))('changes one value and no other byte: %s', (_, text) => {
    const edited = expectValue(withValue('m.json', { text, at, value: true }))
    expect(edited).toBe(text.replace(/("bias"\s*:\s*)false/, '$1true'))
    expect(expectValue(withValue('m.json', { text: edited, at, value: false }))).toBe(text)
  })

  it('changes nothing else however 300 random manifests are laid out', () => {
    let state = 7
    const below = (limit: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * limit)
    }
    const gap = () => ['', ' ', '\t', '\n', '\r\n', '\n\n    '][below(6)] ?? ''
    const write = (value: unknown): string => {
      if (Array.isArray(value)) return `[${gap()}${value.map(write).join(`${gap()},${gap()}`)}${gap()}]`
      if (typeof value !== 'object' || value === null) return JSON.stringify(value)
      const members = Object.entries(value).map(
        ([key, member]) => `${JSON.stringify(key)}${gap()}:${gap()}${write(member)}`,
      )
      return `{${gap()}${members.join(`${gap()},${gap()}`)}${gap()}}`
    }
    for (let round = 0; round < 300; round++) {
      const entries = Array.from({ length: 1 + below(4) }, (_, index) =>
        entry({ name: `v${index}`, 'odd "key"': ['bias', { bias: false }], note: 'é\u2028 }],' }),
      )
      const index = below(entries.length)
      const text = write({ other: [], b: entries })
      const edited = expectValue(withValue('m.json', { text, at: ['b', index, 'supports', 'bias'], value: false }))
      const expected = structuredClone({ other: [], b: entries }) as { b: { supports: Record<string, unknown> }[] }
      Object.assign(expected.b[index]?.supports ?? {}, { bias: false })
      expect(JSON.parse(edited)).toEqual(expected)
      expect(edited.length).toBe(text.length + 1)
      const changedAt = Array.from(text).findIndex((character, at) => character !== edited[at])
      expect(edited.slice(changedAt)).toBe(`false${text.slice(changedAt + 'true'.length)}`)
    }
  })

  it('adds a missing key in the indentation and line ends around it', () => {
    const text =
      '{\r\n\t"b": [\r\n\t\t{\r\n\t\t\t"name": "v",\r\n\t\t\t"supports": {\r\n\t\t\t\t"batch": true\r\n\t\t\t}\r\n\t\t}\r\n\t]\r\n}\r\n'
    expect(expectValue(withValue('m.json', { text, at, value: true }))).toBe(
      text.replace('"batch": true', '"batch": true,\r\n\t\t\t\t"bias": true'),
    )
  })

  it('sets the one of two equal keys that counts', () => {
    const text = '{"b":[{"supports":{"bias":false,"bias":false}}]}'
    expect(expectValue(withValue('m.json', { text, at, value: true }))).toBe(
      '{"b":[{"supports":{"bias":false,"bias":true}}]}',
    )
  })

  it('refuses a file that changed since it was read, and one that is no JSON', () => {
    const path = putFile(makeFolder(), 'm.json', '{"b":[{"name":"v","supports":{"bias":false}}]}')
    const { hash } = expectValue(readManifest(path))
    writeFileSync(path, '{"b":[{"name":"v","supports":{"bias":false}}] }')
    expect(editManifest(path, { baseHash: hash, at, value: true })).toMatchObject({
      ok: false,
      error: { kind: 'conflict' },
    })
    expect(readFileSync(path, 'utf8')).toContain('false')
    expect(withValue('m.json', { text: '{"b":[}', at, value: true })).toMatchObject({
      ok: false,
      error: { kind: 'manifest' },
    })
    expect(withValue('m.json', { text: '{"b":[]}', at, value: true })).toMatchObject({
      ok: false,
      error: { kind: 'manifest' },
    })
  })

  it('keeps the mode and answers the hash of the new bytes', () => {
    const path = putFile(makeFolder(), 'm.json', layouts['byte order mark'])
    chmodSync(path, 0o640)
    const { hash } = expectValue(
      editManifest(path, { baseHash: expectValue(readManifest(path)).hash, at, value: true }),
    )
    expect([expectValue(readManifest(path)).hash, statSync(path).mode & 0o777]).toEqual([hash, 0o640])
  })
})
