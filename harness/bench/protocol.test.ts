import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hashSources, sourcesIn } from '../catalog/proof-sources.ts'
import { measuringProtocol } from './protocol.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'klab-protocol-'))
  writeFileSync(join(folder, 'verdict.ts'), 'export const gap = 0.005\n')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('changes with every source, and not with its tests', () => {
  const before = hashSources(sourcesIn(folder))
  writeFileSync(join(folder, 'verdict.test.ts'), 'a test\n')
  writeFileSync(join(folder, 'README.md'), 'a page\n')
  expect(hashSources(sourcesIn(folder))).toBe(before)
  writeFileSync(join(folder, 'verdict.ts'), 'export const gap = 0.006\n')
  expect(hashSources(sourcesIn(folder))).not.toBe(before)
  writeFileSync(join(folder, 'verdict.ts'), 'export const gap = 0.005\n')
  expect(hashSources(sourcesIn(folder))).toBe(before)
  writeFileSync(join(folder, 'another.ts'), '')
  expect(hashSources(sourcesIn(folder))).not.toBe(before)
})

it('changes with the native library', () => {
  const [one, other] = ['one.so', 'other.so'].map((name) => join(folder, name)) as [string, string]
  writeFileSync(one, 'code')
  writeFileSync(other, 'other code')
  expect(measuringProtocol({ path: one })).not.toBe(measuringProtocol({ path: other }))
  expect(measuringProtocol({ path: one })).toMatch(/^[0-9a-f]{12} [0-9a-f]{12}$/)
})
