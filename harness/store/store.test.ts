import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Row, rowSchema } from '#contract/row.ts'
import { writeFileAtomic } from './atomic-file.ts'
import { canonicalJson } from './canonical-json.ts'
import { evidencePath, readEvidence, writeEvidence } from './evidence-file.ts'
import { RowStore } from './row-store.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'klab-store-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function rowOf(id: string): Row {
  const identity = {
    sourceHash: '',
    entryHash: '',
    compiler: '',
    flags: '',
    mathMode: '',
    device: '',
    driver: '',
    os: '',
    labVersion: '',
    gitCommit: '',
    dtype: 'f16',
    seed: 1,
    data: 'random',
    mode: 'single',
    cache: 'warm',
    tier: '',
    power: '',
  }
  return rowSchema.parse({
    id,
    variant: 'b/v',
    shape: { m: 1, n: 1, k: 1 },
    device: 'cpu',
    status: 'ok',
    baseline: { name: 'x' },
    identity,
    claim: 'none',
    startedAt: '',
    wallNs: 1,
    isCached: false,
  })
}

describe('RowStore', () => {
  const idsOf = (store: RowStore, limit = 100) => store.list(limit).map(({ id }) => id)

  it('gives rows back newest first, marked as read back, also to the next process', () => {
    const store = new RowStore(folder)
    for (const id of ['a', 'b', 'c']) store.append(rowOf(id))
    expect(idsOf(store, 2)).toEqual(['c', 'b'])
    const [newest] = new RowStore(folder).list(1)
    expect(newest).toEqual({ ...rowOf('c'), isCached: true })
  })

  it('is empty before the first row', () => {
    expect(new RowStore(join(folder, 'none')).list(5)).toEqual([])
  })

  it('passes over damaged lines, and does not let half a line swallow the next row', () => {
    const store = new RowStore(folder)
    store.append(rowOf('a'))
    appendFileSync(join(folder, 'rows.jsonl'), 'not json\n{"id": "old format"}\n{"id": "torn')
    const next = new RowStore(folder)
    next.append(rowOf('b'))
    expect(idsOf(next)).toEqual(['b', 'a'])
  })

  it('keeps the newest rows only', () => {
    const rowBytes = JSON.stringify(rowOf('10')).length + 1
    const store = new RowStore(folder, 6 * rowBytes)
    for (let at = 10; at < 16; at++) store.append(rowOf(`${at}`))
    expect(idsOf(store)).toEqual(['15', '14', '13', '12', '11', '10'])
    store.append(rowOf('16'))
    expect(idsOf(store)).toEqual(['16', '15', '14'])
    for (let at = 17; at < 60; at++) store.append(rowOf(`${at}`))
    expect(idsOf(store)[0]).toBe('59')
    expect(statSync(join(folder, 'rows.jsonl')).size).toBeLessThanOrEqual(6 * rowBytes)
  })

  it('reads long rows and many, in order', () => {
    const store = new RowStore(folder)
    const ids = Array.from({ length: 300 }, (_, at) => `${at}-${'é'.repeat((at % 7) * 3000)}`)
    for (const id of ids) store.append(rowOf(id))
    expect(idsOf(store, 1000)).toEqual(ids.toReversed())
    expect(idsOf(store, 2)).toEqual(ids.toReversed().slice(0, 2))
    expect(idsOf(store, 0)).toEqual([])
  })

  it('says when it cannot write', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(new RowStore(join(folder, 'file', 'below')).append(rowOf('a'))).toMatchObject({
      ok: false,
      error: { kind: 'invalid' },
    })
  })
})

describe('writeFileAtomic', () => {
  it('makes folders, keeps the mode and leaves nothing behind', () => {
    const path = join(folder, 'a/b/c.txt')
    expect(writeFileAtomic(path, 'one').ok).toBe(true)
    chmodSync(path, 0o644)
    expect(writeFileAtomic(path, new Uint8Array([65])).ok).toBe(true)
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777, readdirSync(join(folder, 'a/b'))]).toEqual([
      'A',
      0o644,
      ['c.txt'],
    ])
  })

  it('writes through a link instead of replacing it', () => {
    writeFileSync(join(folder, 'real'), 'old')
    symlinkSync('real', join(folder, 'link'))
    writeFileAtomic(join(folder, 'link'), 'new')
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('new')
  })

  it('fails saying why, without a file left behind', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(writeFileAtomic(join(folder, 'file/x'), '')).toMatchObject({
      ok: false,
      error: { kind: 'invalid', message: expect.stringContaining('cannot write') },
    })
    expect(writeFileAtomic(folder, '')).toMatchObject({ ok: false })
    expect(readdirSync(folder)).toEqual(['file'])
  })
})

describe('evidence', () => {
  const record = {
    sourceHash: 's',
    entryHash: 'e',
    compiler: 'c',
    flags: '',
    mathMode: '',
    deviceKind: 'cpu',
    deviceName: 'd',
    labVersion: '',
    provenAt: '',
    seeds: [],
    shapes: [],
    gates: [],
  }

  it('does not depend on the order in which flags were proven', () => {
    const [first, second] = [join(folder, '1/m.json'), join(folder, '2/m.json')]
    const variant = { backend: 'b', name: 'v' }
    for (const flag of ['bias', 'batch'] as const) writeEvidence(first, variant, { [flag]: record })
    for (const flag of ['batch', 'bias'] as const) writeEvidence(second, variant, { [flag]: { ...record } })
    expect(readFileSync(evidencePath(first, variant), 'utf8')).toBe(readFileSync(evidencePath(second, variant), 'utf8'))
    expect(readEvidence(first, variant)).toMatchObject({
      ok: true,
      value: { variant: 'b/v', devices: { cpu: { bias: record, batch: record } }, damaged: {} },
    })
  })

  it('stays in its folder whatever a variant is called, one file per name', () => {
    const names = ['../../x', '..', '.', 'a/b', 'a%2Fb', 'é', 'a b', '']
    const paths = names.map((name) => evidencePath(join(folder, 'm.json'), { backend: '..', name }))
    expect(paths.every((path) => path.startsWith(join(folder, 'evidence/%2E%2E/')))).toBe(true)
    expect(new Set(paths).size).toBe(names.length)
  })
})

describe('canonicalJson', () => {
  it('sorts keys at every depth and nothing else', () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }, 2], a: null })).toBe('{"a":null,"b":[{"d":1},2]}')
  })
})
