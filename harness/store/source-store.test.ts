import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeFolder } from '../catalog/workspace-fixture.ts'
import { SourceStore } from './source-store.ts'

const header = { name: 'common.h', text: '#define N 4\n' }
const source = (hash: string, text: string) => ({ hash, files: [{ name: 'k.metal', text }, header] })
const filesOf = (folder: string) => readdirSync(join(folder, 'sources'))

describe('SourceStore', () => {
  it('gives sources back by hash, also to another process', () => {
    const folder = makeFolder()
    const store = new SourceStore(folder)
    expect(store.knows('aaaa0001')).toBe(false)
    expect(store.keep(source('aaaa0001', 'one')).ok).toBe(true)
    expect(store.knows('aaaa0001')).toBe(true)
    expect(new SourceStore(folder).find(['aaaa0001', 'aaaa0002', 'aaaa0001'])).toEqual([source('aaaa0001', 'one')])
  })

  it('keeps a text once, however many sources have it', () => {
    const folder = makeFolder()
    const store = new SourceStore(folder)
    store.keep(source('aaaa0001', 'one'))
    store.keep(source('aaaa0002', 'two'))
    store.keep(source('aaaa0003', 'two'))
    expect(filesOf(folder).filter((name) => name.endsWith('.txt'))).toHaveLength(3)
  })

  it('lets go of what was not used for the longest time', () => {
    const folder = makeFolder()
    const store = new SourceStore(folder, 3000)
    store.keep(source('aaaa0001', 'a'.repeat(1000)))
    for (const name of filesOf(folder)) utimesSync(join(folder, 'sources', name), 1, 1)
    store.keep(source('aaaa0002', 'b'.repeat(1000)))
    store.keep(source('aaaa0003', 'c'.repeat(1000)))
    const left = store.find(['aaaa0001', 'aaaa0003']).map(({ hash }) => hash)
    expect(left).not.toContain('aaaa0001')
    const bytes = filesOf(folder).map((name) => readFileSync(join(folder, 'sources', name)).length)
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(1500)
    expect(store.knows('aaaa0001')).toBe(false)
  })

  it('takes a damaged or half lost source for one that is not kept, and no hash for a path', () => {
    const folder = makeFolder()
    const store = new SourceStore(folder)
    store.keep(source('aaaa0001', 'one'))
    store.keep(source('aaaa0002', 'two'))
    writeFileSync(join(folder, 'sources', 'aaaa0001.json'), '{"files":[{"name":"x","text":"../../aaaa"}]}')
    for (const name of filesOf(folder)) if (name.endsWith('.txt')) rmSync(join(folder, 'sources', name))
    expect(store.find(['aaaa0001', 'aaaa0002', '../rows'])).toEqual([])
    expect(store.keep(source('../x', 'three')).ok).toBe(true)
    expect(filesOf(folder)).toHaveLength(2)
  })
})
