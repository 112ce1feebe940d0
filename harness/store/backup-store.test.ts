import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { BackupStore } from './backup-store.ts'

let folder = ''
let store: BackupStore
const files = () => readdirSync(join(folder, 'backups'))
const backup = (text: string) => ({ text, baseHash: 'h' })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'klab-backups-'))
  store = new BackupStore(folder)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('ends with what was asked last, however many are asked for at once', async () => {
  const texts = Array.from({ length: 40 }, (_, i) => `text ${i} `.repeat(2000))
  await Promise.all(texts.map((text) => store.write('a', backup(text))))
  expect(store.read('a')?.text).toBe(texts.at(-1))
  void store.write('a', backup('late'))
  void store.write('a', null)
  await store.settled()
  expect(store.read('a')).toBeNull()
  expect(files()).toEqual([])
})

it('forgets a text that reached the disk, but not what was typed after it', async () => {
  await store.write('a', backup('saved'))
  await store.write('a', backup('saved and more'))
  await store.forget('a', 'saved')
  expect(store.read('a')?.text).toBe('saved and more')
  await store.forget('a', 'saved and more')
  expect(store.read('a')).toBeNull()
})

it('names files by letters and digits of an id only', async () => {
  await store.write('../../../etc/x', backup('1'))
  await store.write('y'.repeat(5000), backup('2'))
  expect(files().sort()).toEqual(['etcx.json', `${'y'.repeat(64)}.json`])
})

it('says what it could not write, and takes the next', async () => {
  writeFileSync(join(folder, 'backups'), 'not a folder')
  expect(await store.write('a', backup('1'))).toMatchObject({ ok: false, error: { kind: 'invalid' } })
  rmSync(join(folder, 'backups'))
  mkdirSync(join(folder, 'backups'))
  expect((await store.write('a', backup('2'))).ok).toBe(true)
})

it('counts a damaged file as none', async () => {
  await store.write('a', backup('1'))
  writeFileSync(join(folder, 'backups', 'a.json'), '{"text":"cut o')
  expect(store.read('a')).toBeNull()
})
