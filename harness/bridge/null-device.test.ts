import { describe, expect, it } from 'vitest'
import { must, scaleSource, testDevice, testLibrary } from './device-fixture.ts'
import { openDevice } from './device-handle.ts'

const library = testLibrary()
const kernel = { source: 'kernel void nothing() {}', path: '/lab/nothing.metal' }

async function prepare(options: Record<string, string>) {
  const device = testDevice(library, 'null')
  const module = must(await device.createModule(kernel))
  const op = must(await module.createOp({ entry: 'nothing' }))
  for (const [key, value] of Object.entries(options)) must(device.setOption(key, value))
  const dispatch = { op, args: [], grid: [1, 1, 1], threads: [1, 1, 1] } as const
  const run = (timeoutNs = 60e9) =>
    device.run({ arms: [{ sets: [[dispatch]], iterations: 1 }], mode: 'single', rounds: 2, timeoutNs })
  return { device, op, run }
}

describe('the null device told to misbehave', () => {
  it('gives a report with errors when the compile fails', async () => {
    const device = testDevice(library, 'null', { compile: 'fail' })
    const module = must(await device.createModule({ ...kernel, source: scaleSource }))
    expect(module.report.ok).toBe(false)
    expect(module.report.diagnostics).toMatchObject([
      { file: '/lab/nothing.metal', line: 1, column: 1, severity: 'error' },
    ])
  })

  it('ends a hanging compile when cancelled', async () => {
    const device = testDevice(library, 'null', { compile: 'hang' })
    const compiling = device.createModule(kernel)
    await new Promise((resolve) => setTimeout(resolve, 50))
    device.cancel()
    expect(await compiling).toMatchObject({ ok: false, error: { kind: 'cancelled' } })
    expect(device.isLost).toBe(false)
  })

  it('reports a failed run and stays usable', async () => {
    const { device, run } = await prepare({ run: 'fail' })
    expect(await run()).toMatchObject({ ok: false, error: { kind: 'internal' } })
    expect(device.failedArm).toBe(0)
    must(device.setOption('run', 'ok'))
    expect(must(await run())).toHaveLength(2)
    expect(device.failedArm).toBe(null)
  })

  it('is lost after a hang and answers device-lost from then on', async () => {
    const { device, run } = await prepare({ run: 'hang' })
    expect(await run(50e6)).toMatchObject({ ok: false, error: { kind: 'timeout' } })
    expect(device.isLost).toBe(true)
    expect(await run()).toMatchObject({ ok: false, error: { kind: 'device-lost' } })
  })

  it('is lost when the device says so', async () => {
    const { device, run } = await prepare({ run: 'lost' })
    expect(await run()).toMatchObject({ ok: false, error: { kind: 'device-lost' } })
    expect(device.isLost).toBe(true)
  })

  it('cancels a hanging run; handles destroyed meanwhile live until it returns', async () => {
    const { device, op, run } = await prepare({ run: 'hang' })
    const running = run()
    await new Promise((resolve) => setTimeout(resolve, 50))
    op.destroy()
    device.cancel()
    expect(await running).toMatchObject({ ok: false, error: { kind: 'cancelled' } })
    await expect(run()).rejects.toThrow('the op was used after it was destroyed')
  })

  it.each(['zero', 'negative'])('marks samples of a %s clock invalid', async (clock) => {
    const { run } = await prepare({ clock })
    expect(must(await run()).map(({ isInvalid }) => isInvalid)).toEqual([true, true])
  })

  it('names the devices there are when asked for another', () => {
    const refused = openDevice(library, 'quantum')
    expect(refused).toMatchObject({ ok: false, error: { kind: 'not-found', message: expect.stringContaining('null') } })
    expect(openDevice(library, 'null', { run: 'walk' })).toMatchObject({ ok: false, error: { kind: 'invalid' } })
  })
})
