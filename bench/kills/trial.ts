import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createLab } from '#harness/host/supervisor.ts'
import { seeded } from './seeded.ts'
import { head, keystrokesIn } from './typing.ts'

/** Whose end is tried: the kernel host alone, the shell's process, the window, or all of them at once. */
export const victims = ['host', 'shell', 'window', 'all'] as const
export type Victim = (typeof victims)[number]

export interface TrialResult {
  seed: number
  victim: Victim
  typed: number
  /** Of the file and its backup, whichever the next session shows. */
  kept: number
  /** Age of the oldest keystroke that is gone, ms; 0 when none is. */
  lostMs: number
  /** What is wrong beyond lost keystrokes; empty when all is well. */
  faults: string[]
}

/** Keystrokes older than this may not be lost, ms. */
export const promisedMs = 1000

const here = (name: string) => join(import.meta.dirname, name)

interface Session {
  shell: ChildProcess
  window: ChildProcess
  hostPid: () => number | undefined
}

/** Types, kills at a moment that the seed decides, and sees what a new session finds. Kills nothing it did not start. */
export async function trial(seed: number): Promise<TrialResult> {
  const random = seeded(seed)
  const victim = victims[seed % victims.length]!
  const folder = mkdtempSync(join(tmpdir(), 'klab-kills-'))
  const stateHome = process.env.XDG_STATE_HOME
  process.env.XDG_STATE_HOME = join(folder, 'state')
  try {
    const root = join(folder, 'workspace')
    mkdirSync(root)
    writeFileSync(join(root, 'typed.metal'), head)
    const log = join(folder, 'log')
    writeFileSync(log, '')
    const session = await start({ root, folder, log, seed })
    await firstKeystroke(log)
    await pause(200 + random() * 2500)
    const killedAt = await kill(session, victim, random)
    const { times, promised } = readLog(log)
    const faults = halfFiles(folder)
    const kept = await nextSession(root, faults)
    if (kept < promised) faults.push(`${promised} keystrokes were said to be kept, ${kept} are`)
    const lostMs = times.length > kept ? Math.max(0, killedAt - times[kept]!) : 0
    return { seed, victim, typed: times.length, kept, lostMs, faults }
  } finally {
    if (stateHome === undefined) delete process.env.XDG_STATE_HOME
    else process.env.XDG_STATE_HOME = stateHome
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** When each keystroke was typed, and how many of them the window was told are kept. */
function readLog(path: string): { times: number[]; promised: number } {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  const numbers = (word: string) =>
    lines.filter((line) => line.startsWith(word)).map((line) => Number(line.split(' ')[1]))
  return { times: numbers('typed'), promised: Math.max(0, ...numbers('kept')) }
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

async function start(place: { root: string; folder: string; log: string; seed: number }): Promise<Session> {
  const stdio = ['ignore', 'pipe', 'ignore'] as ('ignore' | 'pipe')[]
  const shell = spawn(process.execPath, [here('lab-server.ts'), place.root, place.folder], { stdio })
  let hostPid: number | undefined
  const link = await new Promise<string>((resolve, reject) => {
    shell.once('exit', () => reject(new Error('the shell ended before it served')))
    createInterface(shell.stdout!).on('line', (line) => {
      const said = JSON.parse(line) as { link?: string; hostPid?: number }
      hostPid = said.hostPid ?? hostPid
      if (said.link) resolve(said.link)
    })
  })
  const window = spawn(process.execPath, [here('typist.ts'), link, place.log, String(place.seed)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return { shell, window, hostPid: () => hostPid }
}

async function firstKeystroke(log: string): Promise<void> {
  for (let i = 0; readFileSync(log, 'utf8') === ''; i++) {
    if (i > 3000) throw new Error('nothing was typed for 60 s')
    await pause(20)
  }
}

async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return
  const ended = new Promise((resolve) => process.once('exit', resolve))
  process.kill('SIGKILL')
  await ended
}

function killPid(pid: number | undefined): void {
  try {
    if (pid) process.kill(pid, 'SIGKILL')
  } catch {}
}

/** Answers the time of the last kill: from then on nobody can keep anything. */
async function kill(session: Session, victim: Victim, random: () => number): Promise<number> {
  const { shell, window } = session
  if (victim === 'host') {
    killPid(session.hostPid())
    // The others go on typing and keeping, until they are killed as well.
    await pause(random() * 1500)
  }
  const host = session.hostPid()
  const order = victim === 'window' ? [window, shell] : [shell, window]
  const at = Date.now()
  killPid(host)
  if (victim === 'shell' || victim === 'window') {
    await end(order[0]!)
    await pause(random() * 300)
    await end(order[1]!)
  } else {
    for (const process of order) process.kill('SIGKILL')
    await Promise.all(order.map(end))
  }
  return at
}

/** Every file that is not a leftover under a name of its own must be whole. */
function halfFiles(folder: string): string[] {
  const states = join(folder, 'state', 'kernel-lab')
  const faults: string[] = []
  for (const state of listed(states)) {
    for (const name of listed(join(states, state, 'backups'))) {
      if (name.startsWith('.')) continue
      try {
        const { text } = JSON.parse(readFileSync(join(states, state, 'backups', name), 'utf8')) as { text: string }
        if (keystrokesIn(text) === null) faults.push(`backup ${name} is not what was typed`)
      } catch {
        faults.push(`backup ${name} is half written`)
      }
    }
  }
  if (keystrokesIn(readFileSync(join(folder, 'workspace', 'typed.metal'), 'utf8')) === null)
    faults.push('the file is not what was typed')
  return faults
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Opens the workspace anew, as the next start does: how many keystrokes are shown. */
async function nextSession(root: string, faults: string[]): Promise<number> {
  const lab = createLab({ workspaceRoot: root })
  try {
    const opened = await lab.request('workspace.open', {})
    const id = opened.ok ? opened.value.nodes.find(({ name }) => name === 'typed.metal')?.id : undefined
    const read = await lab.request('document.read', { id: id ?? '' })
    if (!read.ok) throw new Error(read.error.message)
    const { text, hash, backup } = read.value
    const count = keystrokesIn(backup?.text ?? text)
    if (count === null) faults.push('what comes back is not what was typed')
    if (backup && backup.baseHash !== hash && keystrokesIn(text)! >= (count ?? 0))
      faults.push('an older text comes back over what was saved')
    const left = listed(root).filter((name) => name !== 'typed.metal')
    if (left.length > 0) faults.push(`the workspace still holds ${left.join(', ')}`)
    return count ?? 0
  } finally {
    await lab.close()
  }
}
