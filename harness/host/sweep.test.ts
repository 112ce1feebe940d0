import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { beginSweepLab, type SweepLab, sweepToLast, timesKept } from './sweep-lab-fixture.ts'

let fixture: SweepLab
beforeEach(() => {
  fixture = beginSweepLab(6)
})
afterEach(() => fixture.end())

const pairs = 12

describe('a sweep in the kernel host', () => {
  it('keeps every row as an ordinary one and tells where it stands', async () => {
    const lab = fixture.lab()
    const last = await sweepToLast(lab)
    const counts = { pairs, gaps: 0, waiting: 0, measured: pairs, cached: 0, right: 0 }
    expect(last).toMatchObject({ state: 'finished', counts })
    expect(fixture.kept().map(({ status }) => status)).toEqual(Array.from({ length: pairs }, () => 'wrong'))
    const status = await lab.request('sweep.status', {})
    expect(status).toMatchObject({
      ok: true,
      value: { sweep: { state: 'finished', counts, options: { device: 'null' } } },
    })
    const ids = fixture.kept().map(({ id }) => id)
    expect(await lab.request('rows.get', { ids: [...ids.slice(3), 'gone'] })).toMatchObject({
      value: { rows: { length: pairs - 3 } },
    })
  })

  it('plans without running', async () => {
    const lab = fixture.lab()
    const planned = await lab.request('sweep.plan', { device: 'null', filter: ['n<=2', 'mine/two'] })
    expect(planned).toMatchObject({
      value: { counts: { pairs: 2, waiting: 2 }, matrix: { variants: [{ id: 'mine/two' }] } },
    })
    expect(await lab.request('sweep.status', {})).toEqual({ ok: true, value: { sweep: null } })
    expect(fixture.kept()).toEqual([])
  })

  it('goes on when a variant leaves the manifest: what is left of it fails', async () => {
    const last = await sweepToLast(fixture.lab(), {}, ({ counts }) => {
      if (counts.measured === 4) fixture.drop('two')
    })
    expect(last).toMatchObject({ state: 'finished', counts: { pairs, measured: pairs } })
    const late = fixture.kept().filter(({ variant }) => variant === 'mine/two')
    expect(late.at(-1)).toMatchObject({ status: 'failed', reason: expect.stringContaining('mine/two') })
  })

  it('is one at a time', async () => {
    const lab = fixture.lab()
    const sweeping = sweepToLast(lab)
    expect(await lab.request('sweep.start', { device: 'null' })).toMatchObject({ error: { kind: 'conflict' } })
    await sweeping
  })

  it('lets a bench in between two pairs', async () => {
    const lab = fixture.lab()
    const order: string[] = []
    lab.on('run.finished', ({ outcome }) => order.push(outcome.kind === 'bench' ? outcome.row.variant : outcome.kind))
    let isAsked = false
    await sweepToLast(lab, {}, ({ counts }) => {
      if (counts.measured !== 2 || isAsked) return
      isAsked = true
      void lab.request('cli.bench.start', { target: 'mine/one', shape: { m: 7, n: 7, k: 7 }, device: 'null' })
    })
    const rows = fixture.kept()
    expect(rows).toHaveLength(pairs + 1)
    expect(rows.findIndex(({ shape }) => shape.m === 7)).toBeLessThan(pairs - 1)
  })
})

describe('a sweep whose host is killed', () => {
  it('is continued by the next host: the pair under way is lost, no pair is measured twice', async () => {
    const lab = fixture.lab()
    let isKilled = false
    const last = await sweepToLast(lab, {}, ({ counts, cells }) => {
      if (isKilled || counts.measured < 4 || cells[0]?.state !== 'running') return
      isKilled = true
      process.kill(lab.hostPid!, 'SIGKILL')
    })
    expect(isKilled).toBe(true)
    expect(last).toMatchObject({ state: 'finished', counts: { waiting: 0, measured: pairs } })
    const rows = fixture.kept()
    expect(timesKept(rows)).toEqual(Array.from({ length: pairs }, () => 1))
    expect(rows.filter(({ status }) => status === 'device-lost').length).toBeLessThanOrEqual(1)
  })

  it('is not continued over another matrix', async () => {
    const lab = fixture.lab()
    let isKilled = false
    const last = await sweepToLast(lab, {}, ({ counts }) => {
      if (isKilled || counts.measured < 2) return
      isKilled = true
      fixture.drop('one')
      process.kill(lab.hostPid!, 'SIGKILL')
    })
    expect(last).toMatchObject({ state: 'failed', reason: expect.stringContaining('start the sweep again, resumed') })
    const resumed = await sweepToLast(lab, { isResumed: true })
    expect(resumed).toMatchObject({ state: 'finished', counts: { pairs: pairs / 2, waiting: 0 } })
  })

  it('survives any number of kernels that crash, one after the other', async () => {
    const lab = fixture.lab({ run: 'crash' })
    const last = await sweepToLast(lab, { filter: ['n<=2'] })
    expect(last).toMatchObject({ state: 'finished', counts: { pairs: 4, measured: 4, right: 0 } })
    expect(fixture.kept().map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'device-lost'))
    expect(lab.state).toBe('ready')
  })

  it('fails when hosts die without a pair between them', async () => {
    const lab = fixture.lab({ compile: 'crash' })
    const last = await sweepToLast(lab)
    expect(last).toMatchObject({ state: 'failed', reason: expect.stringContaining('crashed') })
    expect(lab.state).toBe('failed')
  })
})

describe('a cancelled sweep', () => {
  it('ends as such although its kernel does not stop', async () => {
    const lab = fixture.lab({ run: 'hang' })
    lab.on('run.progress', async ({ phase }) => {
      const status = phase === 'verify' ? await lab.request('sweep.status', {}) : null
      if (status?.ok) await lab.request('sweep.cancel', { sweepId: status.value.sweep?.sweepId ?? '' })
    })
    const last = await sweepToLast(lab)
    expect(last).toMatchObject({ state: 'cancelled', counts: { waiting: pairs, measured: 0 } })
  })
})

describe('a resumed sweep', () => {
  it('shows rows of before as cached and runs what is left', async () => {
    const lab = fixture.lab()
    let sweepId = ''
    const cancelled = await sweepToLast(lab, {}, (change) => {
      if (change.counts.measured === 5 && sweepId === '') {
        sweepId = change.sweepId
        void lab.request('sweep.cancel', { sweepId })
      }
    })
    expect(cancelled).toMatchObject({ state: 'cancelled' })
    const before = fixture.kept().filter(({ status }) => status === 'wrong').length
    const resumed = await sweepToLast(fixture.lab(), { isResumed: true })
    expect(resumed.counts).toMatchObject({ cached: before, measured: pairs - before, waiting: 0 })
    expect(timesKept(fixture.kept().filter(({ status }) => status === 'wrong'))).toEqual(
      Array.from({ length: pairs }, () => 1),
    )
    const again = await sweepToLast(lab, { isResumed: true })
    expect(again.counts).toMatchObject({ cached: pairs, measured: 0 })
    const fresh = await sweepToLast(lab)
    expect(fresh.counts).toMatchObject({ cached: 0, measured: pairs })
  })

  it('measures a changed kernel anew, and no other', async () => {
    const lab = fixture.lab()
    await sweepToLast(lab)
    fixture.edit('two')
    const resumed = await sweepToLast(lab, { isResumed: true })
    expect(resumed.counts).toMatchObject({ cached: 6, measured: 6 })
    const status = await lab.request('sweep.status', {})
    const cells = status.ok ? (status.value.sweep?.matrix.cells ?? []) : []
    expect(cells.map(({ isCached }) => isCached)).toEqual([...Array(6).fill(true), ...Array(6).fill(false)])
  })
})
