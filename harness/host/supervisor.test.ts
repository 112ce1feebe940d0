import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EventPayload, RunOutcome } from '#contract/ipc.ts'
import { testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { repoRoot } from './repo-root.ts'
import { type LabOptions, Supervisor } from './supervisor.ts'

const canCompute = whyNoDevice(testLibrary(), 'cpu') === null
const kernels = join(repoRoot(), 'kernels')
const shape = { m: 1, n: 64, k: 64, tB: true }
const bench = { target: 'm1_dot_product.metal:m1_dot_product', shape, device: 'null' }

let folder: string
let labs: Supervisor[]
let stateHome: string | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'klab-supervisor-'))
  mkdirSync(join(folder, 'workspace'))
  for (const file of ['m1_dot_product.metal', 'm1_dot_product.launch.json'])
    cpSync(join(kernels, file), join(folder, 'workspace', file))
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

function startLab(options: Partial<LabOptions> = {}): Supervisor {
  const lab = new Supervisor({ workspaceRoot: join(folder, 'workspace'), ...options })
  labs.push(lab)
  return lab
}

const onNull = (options: Record<string, string>) => startLab({ deviceOptions: { null: options } })

/** The next state that `is` accepts; listening starts at once. */
function nextState(lab: Supervisor, is: EventPayload<'host.state'>['state']): Promise<EventPayload<'host.state'>> {
  return new Promise((resolve) => {
    const off = lab.on('host.state', (payload) => {
      if (payload.state !== is) return
      off()
      resolve(payload)
    })
  })
}

async function benchOn(lab: Supervisor): Promise<RunOutcome> {
  const { promise, resolve } = Promise.withResolvers<RunOutcome>()
  lab.on('run.finished', ({ outcome }) => resolve(outcome))
  const started = await lab.request('cli.bench.start', bench)
  return started.ok ? promise : { kind: 'failed', error: started.error }
}

const healthy = (lab: Supervisor) => lab.request('devices.list', {})

function killHost(lab: Supervisor): void {
  if (lab.hostPid) process.kill(lab.hostPid, 'SIGKILL')
}

describe('a bench on a device that misbehaves', () => {
  it('ends as a device-lost row when the kernel crashes, and the host is replaced', async () => {
    const lab = onNull({ run: 'crash' })
    const restarted = nextState(lab, 'restarting')
    const outcome = await benchOn(lab)
    expect(outcome).toMatchObject({
      kind: 'bench',
      row: {
        status: 'device-lost',
        reason: expect.stringContaining('crashed'),
        device: 'null',
        identity: { compiler: 'null' },
      },
    })
    expect(await restarted).toMatchObject({ restarts: 1, reason: expect.stringContaining('crashed') })
    expect(await healthy(lab)).toMatchObject({ ok: true })
    const rows = await lab.request('rows.list', {})
    expect(rows).toMatchObject({ ok: true, value: { rows: [{ status: 'device-lost' }] } })
  })

  it('ends as a timeout when the kernel never ends, and the host is replaced', async () => {
    const lab = onNull({ run: 'hang' })
    await healthy(lab)
    const pid = lab.hostPid
    const restarted = nextState(lab, 'restarting')
    const report = await lab.request('cli.run', {
      device: 'null',
      path: join(folder, 'workspace', 'm1_dot_product.metal'),
      entry: 'm1_dot_product',
      grid: [1, 1, 1],
      gridIsThreads: false,
      threads: [128, 1, 1],
      args: [
        ...[0, 1, 2].map((index) => ({
          kind: 'buffer' as const,
          index,
          type: 'f16' as const,
          init: 'zeros' as const,
          count: 64,
        })),
        ...[3, 4, 5].map((index) => ({ kind: 'value' as const, index, type: 'u32' as const, value: '64' })),
      ],
      timeoutMs: 100,
    })
    expect(report).toMatchObject({ ok: false, error: { kind: 'timeout' } })
    await restarted
    expect(await healthy(lab)).toMatchObject({ ok: true })
    expect(lab.hostPid).not.toBe(pid)
  })

  it('keeps nobody from checking texts meanwhile', async () => {
    const lab = onNull({ run: 'hang' })
    const opened = await lab.request('workspace.open', {})
    const documentId = opened.ok ? (opened.value.nodes.find(({ kind }) => kind === 'metal')?.id ?? '') : ''
    const verifying = new Promise<string>((resolve) =>
      lab.on('run.progress', ({ runId, phase }) => phase === 'verify' && resolve(runId)),
    )
    const outcome = benchOn(lab)
    const runId = await verifying
    const checked = await lab.request('compile.check', { documentId, text: 'kernel void a() {}', device: 'null' })
    expect(checked).toMatchObject({
      ok: true,
      value: { ok: true, entries: [{ name: 'a', file: 'm1_dot_product.metal' }] },
    })
    await lab.request('run.cancel', { runId })
    expect(await outcome).toMatchObject({ row: { status: 'cancelled' } })
  })

  it('ends as a cancelled row when it is cancelled', async () => {
    const lab = onNull({ run: 'hang' })
    const { promise, resolve } = Promise.withResolvers<RunOutcome>()
    lab.on('run.finished', ({ outcome }) => resolve(outcome))
    lab.on('run.progress', ({ runId, phase }) => {
      if (phase === 'verify') setTimeout(() => lab.request('run.cancel', { runId }), 100)
    })
    await lab.request('cli.bench.start', bench)
    expect(await promise).toMatchObject({ kind: 'bench', row: { status: 'cancelled' } })
    expect(lab.state).toBe('ready')
    const late = await lab.request('run.cancel', { runId: 'ended long ago' })
    expect(late).toMatchObject({
      ok: false,
      error: { kind: 'not-found', message: expect.stringContaining('ended long ago') },
    })
  })
})

it.runIf(canCompute)('ends a kernel that goes on after its bench was cancelled', async () => {
  for (const file of ['m1_wrong.metal', 'm1_wrong.launch.json'])
    cpSync(join(kernels, 'testing', file), join(folder, 'workspace', file))
  const lab = startLab()
  const { promise, resolve } = Promise.withResolvers<RunOutcome>()
  lab.on('run.finished', ({ outcome }) => resolve(outcome))
  lab.on('run.progress', ({ runId, phase }) => {
    if (phase === 'verify') setTimeout(() => lab.request('run.cancel', { runId }), 300)
  })
  await lab.request('cli.bench.start', { ...bench, target: 'm1_wrong.metal:m1_wrong_endless', device: 'cpu' })
  expect(await promise).toMatchObject({
    kind: 'bench',
    row: { status: 'cancelled', reason: expect.stringContaining('did not stop') },
  })
  expect(await healthy(lab)).toMatchObject({ ok: true })
})

describe('a host that is killed', () => {
  it('is replaced during a run, whose row says so', async () => {
    const lab = onNull({ run: 'hang' })
    lab.on('run.progress', ({ phase }) => {
      if (phase === 'verify') setTimeout(() => killHost(lab), 100)
    })
    expect(await benchOn(lab)).toMatchObject({
      kind: 'bench',
      row: { status: 'device-lost', reason: expect.stringContaining('SIGKILL') },
    })
    expect(await healthy(lab)).toMatchObject({ ok: true })
  })

  it('is asked again what may be repeated, and not what may not', async () => {
    const lab = onNull({ compile: 'hang' })
    const opened = await lab.request('workspace.open', {})
    const documentId = opened.ok
      ? (opened.value.nodes.find(({ name }) => name === 'm1_dot_product.metal')?.id ?? '')
      : ''
    const check = lab.request('compile.check', { documentId, text: 'kernel void a() {}', device: 'null' })
    const run = lab.request('cli.run', {
      device: 'null',
      path: '/x.metal',
      entry: 'a',
      grid: [1, 1, 1],
      gridIsThreads: false,
      threads: [1, 1, 1],
    })
    expect(await run).toMatchObject({ ok: false, error: { kind: 'not-found' } })
    const first = nextState(lab, 'ready')
    killHost(lab)
    await first
    killHost(lab)
    expect(await check).toMatchObject({ ok: false, error: { kind: 'device-lost' } })
    expect(await healthy(lab)).toMatchObject({ ok: true })
  })

  it('is given up after three restarts in a row, until it is started by hand', async () => {
    const lab = onNull({ run: 'crash' })
    const failed = nextState(lab, 'failed')
    for (let i = 0; i < 4; i++)
      expect(await benchOn(lab)).toMatchObject({ kind: 'bench', row: { status: 'device-lost' } })
    expect(await failed).toMatchObject({ restarts: 3, reason: expect.stringContaining('4 times in a row') })
    expect(await healthy(lab)).toMatchObject({ ok: false, error: { kind: 'device-lost' } })
    expect(await lab.request('host.restart', {})).toEqual({ ok: true, value: {} })
    expect(await healthy(lab)).toMatchObject({ ok: true })
  })

  it('counts anew after it has answered something', async () => {
    const lab = startLab({ deviceOptions: { null: { run: 'crash' } }, restartLimit: 1 })
    for (let i = 0; i < 3; i++) {
      await benchOn(lab)
      expect(await healthy(lab)).toMatchObject({ ok: true })
    }
    expect(lab.state).toBe('ready')
  })
})

describe('a host that is no host', () => {
  const entry = (text: string) => {
    const path = join(folder, 'entry.mjs')
    writeFileSync(path, text)
    return path
  }

  it('is ended when it leaves pings unanswered', async () => {
    const lab = startLab({
      entry: entry(
        `process.on('message', (m) => { if (m.kind === 'boot') process.send({ kind: 'ready' }); if (m.kind === 'request') for (;;); })`,
      ),
      pingIntervalMs: 50,
      maxUnanswered: 4,
      restartLimit: 0,
    })
    expect(await lab.request('cli.selftest', { device: 'null' })).toMatchObject({
      ok: false,
      error: { kind: 'timeout', message: expect.stringContaining('did not answer') },
    })
    expect(lab.state).toBe('failed')
  })

  it('is given up with what it said when it cannot start', async () => {
    const lab = startLab({
      entry: entry(`console.error('cannot find my libraries'); process.exit(7)`),
      restartLimit: 1,
    })
    const result = await healthy(lab)
    expect(result).toMatchObject({
      ok: false,
      error: { kind: 'device-lost', message: expect.stringMatching(/code 7.*cannot find my libraries/s) },
    })
  })

  it('ends nothing but itself: closing settles what was asked', async () => {
    const lab = startLab({ entry: entry(`process.on('message', () => {}); process.send({ kind: 'ready' })`) })
    const asked = healthy(lab)
    await lab.close()
    expect(await asked).toMatchObject({ ok: false, error: { kind: 'cancelled' } })
    expect(await healthy(lab)).toMatchObject({ ok: false, error: { kind: 'cancelled' } })
  })
})
