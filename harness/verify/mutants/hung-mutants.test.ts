import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { shapeSchema } from '#contract/shape.ts'
import { must, testLibrary, whyNoDevice } from '../../bridge/device-fixture.ts'
import { beginFixture, type RunFixture } from '../run-fixture.ts'
import { RunSession } from '../session.ts'
import { prepareTrial } from '../trial.ts'
import { watchedData } from '../watch.ts'
import { kernelFiles } from './kernel-files.ts'
import { MutantDevice } from './mutant-device.ts'
import { MutantRun } from './mutant-run.ts'

const whyNot = whyNoDevice(testLibrary(), 'cpu') ?? (existsSync('/proc/self/task') ? undefined : 'it reads /proc')
const threads = '/proc/self/task'
let fixture: RunFixture
afterEach(() => fixture.end())

/** Threads of this process that are at work now; the one that asks is among them. */
const threadsAtWork = () =>
  readdirSync(threads).filter((id) => {
    const path = `${threads}/${id}/stat`
    return existsSync(path) && / R /.test(readFileSync(path, 'utf8'))
  }).length

describe.skipIf(whyNot)('a mutant that does not come to an end', () => {
  it.each([
    ['goes past its end', 'for (uint k = 0; k != K; k += 8)'],
    [
      'writes for ever',
      'C[ulong(row) * N + column] = T(0); while (true) C[ulong(row) * N + column] += T(1);\n  for (uint k = 0; k < K; k++)',
    ],
  ])('is noticed, and leaves no thread at work: it %s', { timeout: 60_000 }, async (_, loop) => {
    fixture = beginFixture('cpu')
    const { context, hooks } = fixture
    const shape = shapeSchema.parse({ m: 3, n: 5, k: 7, dtype: 'f32' })
    const target = { kind: 'variant', id: 'sgemm/naive' } as const
    const session = must(RunSession.begin(context, hooks, { target, shape }))
    const { kernel } = session
    const text = kernel.source.replace(/for \(uint k = 0;[^)]*\)/, loop)
    expect(text).not.toBe(kernel.source)
    const source = { id: '', operator: '', line: 1, change: '', path: kernel.path, text, entries: [], places: [] }
    const device = new MutantDevice(context)
    const run = new MutantRun(source, kernel, kernelFiles(kernel))
    try {
      const { kill } = await run.watch(device.handle, must(await prepareTrial(context, shape, watchedData)), 0)
      expect(kill).toMatchObject({ gate: 'run', reason: 'it does not come to an end' })
      while (threadsAtWork() > 1) await setTimeout(50)
      device.replaceIfLost()
      expect(device.handle.isLost).toBe(false)
    } finally {
      run.destroy()
      device.close()
      session.end()
    }
  })
})
