import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { expectValue } from '../catalog/workspace-fixture.ts'
import { Supervisor } from './supervisor.ts'

let folder: string
let labs: Supervisor[]
let stateHome: string | undefined
const file = () => join(folder, 'workspace', 'a.metal')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'klab-hot-exit-'))
  mkdirSync(join(folder, 'workspace'))
  writeFileSync(file(), 'disk')
  stateHome = process.env.XDG_STATE_HOME
  process.env.XDG_STATE_HOME = join(folder, 'state')
  labs = []
})
afterEach(async () => {
  await Promise.all(labs.map((lab) => lab.close()))
  if (stateHome === undefined) delete process.env.XDG_STATE_HOME
  else process.env.XDG_STATE_HOME = stateHome
  rmSync(folder, { recursive: true, force: true })
})

/** A lab; with `body`, its kernel hosts run that instead of the lab's own. */
function startLab(body?: string): Supervisor {
  const entry = join(folder, 'host.mjs')
  if (body !== undefined) writeFileSync(entry, body)
  const lab = new Supervisor({ workspaceRoot: join(folder, 'workspace'), ...(body === undefined ? {} : { entry }) })
  labs.push(lab)
  return lab
}

async function openDocument(lab: Supervisor) {
  const node = expectValue(await lab.request('workspace.open', {})).nodes.find(({ name }) => name === 'a.metal')
  return expectValue(await lab.request('document.read', { id: node?.id ?? '' }))
}

/** What the state folder keeps, by file name. */
function backups(): Record<string, string> {
  const states = join(folder, 'state', 'kernel-lab')
  const kept = existsSync(states) ? readdirSync(states).map((name) => join(states, name, 'backups')) : []
  return Object.fromEntries(
    kept.flatMap((path) => readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')] as const)),
  )
}

const silent = 'process.on("message", () => {}); setInterval(() => {}, 1e6)'
const dead = 'process.exit(7)'

it.each([
  ['answers nothing', silent],
  ['ends again and again', dead],
])('keeps unsaved text while the kernel host %s', async (_name, body) => {
  const { id, hash } = await openDocument(startLab())
  const lab = startLab(body)
  if (body === dead) expect(await lab.request('devices.list', {})).toMatchObject({ ok: false })
  expectValue(await lab.request('document.backup', { id, text: 'typed', baseHash: hash }))
  expect((await openDocument(startLab())).backup).toEqual({ text: 'typed', baseHash: hash })
})

it('keeps the text of a save that does not come to its end', async () => {
  const { id, hash } = await openDocument(startLab())
  const lab = startLab(silent)
  const saving = lab.request('document.save', { id, text: 'typed', baseHash: hash })
  while (Object.keys(backups()).length === 0) await new Promise((done) => setTimeout(done, 5))
  await lab.close()
  expect((await saving).ok).toBe(false)
  expect(readFileSync(file(), 'utf8')).toBe('disk')
  expect((await openDocument(startLab())).backup?.text).toBe('typed')
})

it('forgets a text once it is saved, and not what was typed meanwhile', async () => {
  const lab = startLab()
  const { id, hash } = await openDocument(lab)
  const saving = lab.request('document.save', { id, text: 'saved', baseHash: hash })
  expectValue(await lab.request('document.backup', { id, text: 'saved and more', baseHash: hash }))
  const saved = expectValue(await saving)
  expect((await openDocument(lab)).backup?.text).toBe('saved and more')
  expectValue(await lab.request('document.save', { id, text: 'saved and more', baseHash: saved.hash }))
  expect(backups()).toEqual({})
})

it('tidies up after a writer that was killed, in the workspace too', async () => {
  writeFileSync(join(folder, 'workspace', '.a.metal.4194303.x1y2z3.tmp'), 'dis')
  await openDocument(startLab())
  expect(readdirSync(join(folder, 'workspace'))).toEqual(['a.metal'])
})
