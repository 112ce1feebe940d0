import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cacheLevels, hostCacheBytes, lastLevelCacheBytes } from './caches.ts'

const caches = [
  { level: '1', type: 'Data', size: '48K', shared_cpu_list: '0' },
  { level: '1', type: 'Instruction', size: '32K', shared_cpu_list: '0' },
  { level: '2', type: 'Unified', size: '2048K', shared_cpu_list: '0,4' },
  { level: '3', type: 'Unified', size: '36864K', shared_cpu_list: '0-7' },
]

describe('caches of a host', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'klab-cache-'))
    for (const [i, files] of caches.entries()) {
      mkdirSync(join(folder, `index${i}`))
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `index${i}`, name), `${text}\n`)
    }
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('are what the cores in use have together, the fastest first', () => {
    expect(cacheLevels({ kind: 'cpu', coreCount: 4 }, folder)).toEqual([
      { name: 'L1', bytes: 4 * 48 * 1024 },
      { name: 'L2', bytes: 2 * 2048 * 1024 },
      { name: 'L3', bytes: 36864 * 1024 },
    ])
    expect(cacheLevels({ kind: 'cpu', coreCount: 12 }, folder).at(-1)).toEqual({ name: 'L3', bytes: 2 * 36864 * 1024 })
  })

  it('end with the largest that the system describes', () => {
    expect(hostCacheBytes(folder)).toBe(36864 * 1024)
    expect(lastLevelCacheBytes('cpu')).toBeGreaterThan(0)
  })

  it('are one of a known size where the system says nothing', () => {
    rmSync(folder, { recursive: true })
    expect(hostCacheBytes(folder)).toBeNull()
    expect(cacheLevels({ kind: 'cpu', coreCount: 2 }, folder)).toEqual([{ name: 'cache', bytes: 64 * 2 ** 20 }])
    expect(cacheLevels({ kind: 'cuda', coreCount: 132 }, folder)).toHaveLength(1)
  })
})
