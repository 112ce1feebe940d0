import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { must, testDevice, testLibrary } from '../bridge/device-fixture.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import { CheckQueue } from './check-queue.ts'

const library = testLibrary()
const text = (name: string) => ({ source: `kernel void ${name}() {}`, path: `/lab/${name}.metal` })

let device: DeviceHandle

beforeAll(() => {
  device = testDevice(library, 'null')
})
afterAll(() => device.close())

describe('CheckQueue', () => {
  it('answers for every document in turn', async () => {
    const queue = new CheckQueue(device)
    const reports = await Promise.all(['a', 'b', 'c'].map((name) => queue.check(name, text(name))))
    expect(reports.map((report) => must(report).entries[0]?.name)).toEqual(['a', 'b', 'c'])
  })

  it('cancels an older text of the same document, whether it runs or waits', async () => {
    const hanging = testDevice(library, 'null', { compile: 'hang' })
    const queue = new CheckQueue(hanging)
    const running = queue.check('a', text('first'))
    const waiting = queue.check('b', text('second'))
    const newest = [queue.check('b', text('third')), queue.check('a', text('fourth'))]
    // A cancel that comes before its call has begun has no effect, and this device hangs for good.
    const cancelling = setInterval(() => hanging.cancel(), 20)
    const superseded = { ok: false, error: { kind: 'cancelled', message: expect.stringContaining('a newer text') } }
    expect(await waiting).toMatchObject(superseded)
    expect(await running).toMatchObject(superseded)
    const ended = await Promise.all(newest)
    clearInterval(cancelling)
    expect(ended).toMatchObject(ended.map(() => ({ ok: false, error: { kind: 'cancelled' } })))
    hanging.close()
  })

  it('goes on after a failure', async () => {
    const queue = new CheckQueue(device)
    must(device.setOption('compile', 'fail'))
    expect(must(await queue.check('a', text('a'))).ok).toBe(false)
    must(device.setOption('compile', 'ok'))
    expect(must(await queue.check('a', text('a'))).ok).toBe(true)
  })
})
