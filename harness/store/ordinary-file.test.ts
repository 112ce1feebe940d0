import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readSource } from '../compile/compile-file.ts'
import { readData } from '../run/buffer-data.ts'
import { readOrdinaryFile } from './ordinary-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'klab-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('reads a file', () => {
  const path = join(folder, 'a')
  writeFileSync(path, 'text')
  expect(readOrdinaryFile(path).toString()).toBe('text')
  expect(() => readOrdinaryFile(join(folder, 'missing'))).toThrow('ENOENT')
})

it('refuses a folder', () => {
  expect(() => readOrdinaryFile(folder)).toThrow('no ordinary file')
})

it.runIf(process.platform !== 'win32')(
  'refuses a device and a pipe, in every place that reads what a user names',
  () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    for (const path of ['/dev/zero', pipe]) {
      expect(() => readOrdinaryFile(path)).toThrow('no ordinary file')
      const refused = { ok: false, error: { message: expect.stringContaining('no ordinary file') } }
      expect(readSource(path)).toMatchObject(refused)
      expect(readData({ index: 0, type: 'f32', file: path })).toMatchObject(refused)
    }
  },
)
