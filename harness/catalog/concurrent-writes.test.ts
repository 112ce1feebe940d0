import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Flag } from '#contract/manifest.ts'
import { lockPath, withFileLock } from '../store/file-lock.ts'
import { editManifest } from './manifest-edit.ts'
import { manifestOf } from './resolve-target.ts'
import { files, manifest, recordFor } from './tampering-fixture.ts'
import { expectValue, makeFolder, openFixture } from './workspace-fixture.ts'

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** Runs a script that may import the catalog in a process of its own. Its output is lines. */
function startProcess(code: string, input: object): ChildProcess {
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
  const head = `import { existsSync, writeFileSync } from 'node:fs'
import { Workspace } from ${url('./workspace.ts')}
import { setFlagsProven, unsetFlag } from ${url('./write-flags.ts')}
import { readManifest } from ${url('./manifest-file.ts')}
import { readEvidence } from ${url('../store/evidence-file.ts')}
import { withFileLock } from ${url('../store/file-lock.ts')}
const input = JSON.parse(process.argv[1])
const must = (result) => {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', head + code, JSON.stringify(input)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  return child
}

async function endOf(child: ChildProcess): Promise<string> {
  let text = ''
  child.stdout?.on('data', (chunk) => {
    text += chunk
  })
  child.stderr?.on('data', (chunk) => {
    text += chunk
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  return code === 0 ? text : `${text}\nended with ${code}`
}

const waitFor = async (path: string) => {
  while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Proves and unsets its own flags over and over, and looks each time whether what it wrote last is still there. */
const writer = `
const { root, me, other, records } = input
const workspace = must(Workspace.open(root))
const path = workspace.manifestPath
const mine = {}
const check = (what) => {
  const variant = must(readManifest(path)).variants[0]
  const evidence = must(readEvidence(path, variant))?.devices.cpu ?? {}
  for (const [flag, { value, provenAt }] of Object.entries(mine)) {
    if (variant.supports[flag] !== value) throw new Error(what + ': ' + flag + ' is ' + variant.supports[flag])
    if (evidence[flag]?.provenAt !== provenAt) throw new Error(what + ': evidence of ' + flag + ' is gone')
  }
}
writeFileSync(me, '')
while (!existsSync(other)) {}
for (let round = 0; round < 15; round++) {
  for (const [flag, record] of Object.entries(records)) {
    const provenAt = 'round ' + round
    must(setFlagsProven(workspace, { variant: 'm1_x/v', records: { [flag]: { ...record, provenAt } } }))
    mine[flag] = { value: true, provenAt }
    check('after a proof')
    if (round === 14) continue
    must(unsetFlag(workspace, { variant: 'm1_x/v', flag }))
    mine[flag].value = false
    check('after an unset')
  }
}
`

describe('two processes that write one manifest and one evidence file', () => {
  it('lose nothing of what either wrote', async () => {
    const workspace = openFixture(files)
    const signs = makeFolder()
    const { root } = workspace
    const start = (name: string, other: string, flags: Flag[]) => {
      const records = Object.fromEntries(flags.map((flag) => [flag, recordFor(workspace, flag)]))
      return startProcess(writer, { root, me: join(signs, name), other: join(signs, other), records })
    }
    const first = start('a', 'b', ['transposeA', 'smallK', 'bias'])
    const second = start('b', 'a', ['transposeB', 'batch', 'accumulate'])
    expect(await Promise.all([endOf(first), endOf(second)])).toEqual(['', ''])
    const [variant] = expectValue(manifestOf(workspace)).variants
    expect(variant?.supports).toMatchObject({ transposeA: true, smallK: true, bias: true, batch: true })
    expect(existsSync(lockPath(join(root, manifest)))).toBe(false)
  })

  const holder = `
withFileLock(input.path, () => {
  writeFileSync(input.sign, '')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
})
`

  it('wait for each other, say who is at it, and take over what a dead one left behind', async () => {
    const { root } = openFixture(files)
    const path = join(root, manifest)
    const sign = join(makeFolder(), 'held')
    const child = startProcess(holder, { path, sign })
    const closed = endOf(child)
    await waitFor(sign)
    const before = readFileSync(path, 'utf8')
    const attempt = (waitMs?: number) => withFileLock(path, () => ({ ok: true, value: 'done' }), waitMs)
    expect(attempt(50)).toMatchObject({
      ok: false,
      error: { kind: 'conflict', message: expect.stringMatching(`held by process ${child.pid} of ${hostname()}`) },
    })
    expect(readFileSync(path, 'utf8')).toBe(before)
    child.kill('SIGKILL')
    await closed
    expect(existsSync(lockPath(path))).toBe(true)
    expect(attempt()).toMatchObject({ ok: true, value: 'done' })
    expect(existsSync(lockPath(path))).toBe(false)
  })
})

describe('a lock', () => {
  const setOne = (path: string) => {
    const { hash } = expectValue(manifestOf(openFixture({ ...files, [manifest]: readFileSync(path, 'utf8') })))
    return editManifest(path, { baseHash: hash, at: ['m1_x', 0, 'params', 'BN'], value: 32 })
  }

  it.each([
    ['that was never signed and is old', '', 10_000],
    ['of another machine that is old', JSON.stringify({ pid: 1, host: 'elsewhere', since: '' }), 120_000],
    ['of a process that had our number', JSON.stringify({ pid: process.pid, host: hostname(), since: '' }), 0],
  ])('%s is taken over', (_, text, ageMs) => {
    const { root } = openFixture(files)
    const path = join(root, manifest)
    writeFileSync(lockPath(path), text)
    const then = new Date(Date.now() - ageMs)
    utimesSync(lockPath(path), then, then)
    expect(setOne(path).ok).toBe(true)
    expect(existsSync(lockPath(path))).toBe(false)
  })

  it.each([
    ['that is being made', ''],
    ['of another machine', JSON.stringify({ pid: 1, host: 'elsewhere', since: 'now' })],
    ['of a process that lives', JSON.stringify({ pid: process.ppid, host: hostname(), since: 'now' })],
  ])('%s is left alone', (_, text) => {
    const { root } = openFixture(files)
    const path = join(root, manifest)
    writeFileSync(lockPath(path), text)
    expect(withFileLock(path, () => ({ ok: true, value: 0 }), 30)).toMatchObject({
      ok: false,
      error: { kind: 'conflict' },
    })
    expect(readFileSync(lockPath(path), 'utf8')).toBe(text)
  })

  it('is let go when what is done under it throws, and says when it cannot be made', () => {
    const { root } = openFixture(files)
    const path = join(root, manifest)
    const broken = () => {
      throw new Error('broken')
    }
    expect(() => withFileLock(path, broken)).toThrow('broken')
    expect(existsSync(lockPath(path))).toBe(false)
    expect(withFileLock(join(path, 'x.json'), () => ({ ok: true, value: 0 }))).toMatchObject({
      ok: false,
      error: { kind: 'invalid' },
    })
  })
})
