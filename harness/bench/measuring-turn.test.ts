import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { takeTurn } from './measuring-turn.ts'

let folder: string
let child: ChildProcess | null = null
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'klab-turn-'))
})
afterEach(() => {
  child?.kill('SIGKILL')
  child = null
  rmSync(folder, { recursive: true })
})

const { signal } = new AbortController()

/** A process that measures until it is killed. */
async function measuringProcess(): Promise<ChildProcess> {
  const source = `
    import { takeTurn } from ${JSON.stringify(new URL('./measuring-turn.ts', import.meta.url).href)}
    await takeTurn('cpu', { signal: new AbortController().signal, onWait() {} }, { folder: ${JSON.stringify(folder)} })
    console.log('mine')
    setInterval(() => {}, 1000)`
  const started = spawn(process.execPath, ['--input-type=module-typescript', '-e', source], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child = started
  await new Promise((resolve, reject) => {
    started.stdout?.once('data', resolve)
    started.once('close', () => reject(new Error('it ended')))
  })
  return started
}

it('is one process’s at a time, and nobody’s once that was killed', async () => {
  const other = await measuringProcess()
  const heard: string[] = []
  const hooks = { signal, onWait: (holder: string) => heard.push(holder) }
  const beside = await takeTurn('cpu', hooks, { folder, waitMs: 50 })
  expect(beside.besides).toBe(`process ${other.pid}`)
  expect(heard.at(-1)).toBe(`process ${other.pid}`)
  beside.end()
  const another = await takeTurn('cuda', hooks, { folder, waitMs: 0 })
  expect(another.besides).toBeNull()
  another.end()
  const waiting = takeTurn('cpu', hooks, { folder })
  other.kill('SIGKILL')
  const mine = await waiting
  expect(mine.besides).toBeNull()
  mine.end()
  const again = await takeTurn('cpu', hooks, { folder, waitMs: 0 })
  expect(again.besides).toBeNull()
  again.end()
})

it('does not stand in the way where no file can be made', async () => {
  const turn = await takeTurn('cpu', { signal, onWait() {} }, { folder: '/dev/null/x' })
  expect(turn.besides).toBeNull()
  turn.end()
})
