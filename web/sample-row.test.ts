import { describe, expect, it } from 'vitest'
import type { Device } from '#contract/device.ts'
import { fail, ok } from '#contract/error.ts'
import type { RunOutcome } from '#contract/ipc.ts'
import type { LabPort } from '#contract/serve.ts'
import { sampleRow } from './sample-row.ts'

interface FakeParts {
  devices?: Partial<Device>[]
  variants?: { id: string; backend: string; isRunnable?: boolean }[]
  outcome?: unknown
  /** The outcome is told before the answer that carries its run id. */
  isEarly?: boolean
}

const cpu = { id: 'cpu', name: 'A processor', kind: 'cpu' } as const

function fakeLab({ devices = [cpu], variants = [{ id: 'm1/a', backend: 'm1' }], outcome, isEarly = false }: FakeParts) {
  let finished: (payload: { runId: string; outcome: RunOutcome }) => void = () => {}
  const tell = () => finished({ runId: 'r1', outcome: outcome as RunOutcome })
  const asked: unknown[] = []
  const answers: Record<string, () => unknown> = {
    'devices.list': () => ok({ devices }),
    'catalog.get': () =>
      ok({ variants: variants.map((v) => ({ enabled: true, isRunnable: true, dtype: 'f16', ...v })) }),
    'bench.start': () => {
      if (isEarly) tell()
      else setImmediate(tell)
      return ok({ runId: 'r1' })
    },
  }
  const lab = {
    request: async (name: string, input: unknown) => {
      asked.push([name, input])
      return answers[name]?.() ?? fail({ kind: 'internal', message: `not asked for: ${name}` })
    },
    on: (_name: string, listener: typeof finished) => {
      finished = listener
      return () => {}
    },
    close: async () => {},
  } as unknown as LabPort
  return { lab, asked }
}

const row = (fields: object) => ({ kind: 'bench', row: { status: 'ok', baseline: { name: 'OpenBLAS' }, ...fields } })
const measured = row({
  kernel: { cpuNs: 500_000 },
  baseline: { name: 'OpenBLAS', cpuNs: 100_000 },
  ratio: { value: 5, low: 4.9, high: 5.1 },
})

describe('sampleRow', () => {
  it.each([true, false])('tells time, baseline and ratio, the outcome early: %s', async (isEarly) => {
    const text = await sampleRow(fakeLab({ outcome: measured, isEarly }).lab)
    expect(text).toContain('m1/a on A processor')
    expect(text).toContain('500 µs CPU against 100 µs CPU of OpenBLAS, ratio 5.00 (4.90 … 5.10)')
    expect(text).not.toContain('GPU')
  })

  it('prefers a kernel made for one row', async () => {
    const variants = [
      { id: 'sgemm/x', backend: 'sgemm' },
      { id: 'm1/broken', backend: 'm1', isRunnable: false },
      { id: 'm1/b', backend: 'm1' },
    ]
    expect(await sampleRow(fakeLab({ variants, outcome: measured }).lab)).toContain('m1/b')
  })

  it('says why there is none', async () => {
    const devices = [
      { ...cpu, unavailable: 'clang is missing' },
      { id: 'null', kind: 'null' as const },
    ]
    expect(await sampleRow(fakeLab({ devices }).lab)).toContain('cpu: clang is missing')
    expect(await sampleRow(fakeLab({ variants: [] }).lab)).toContain('no variant')
  })

  it('tells a failure as a failure', async () => {
    const wrong = row({ status: 'wrong', reason: 'output 3 is past its bound' })
    expect(await sampleRow(fakeLab({ outcome: wrong }).lab)).toContain('wrong: output 3 is past its bound')
    const failed = { kind: 'failed', error: { kind: 'timeout', message: 'too slow' } }
    expect(await sampleRow(fakeLab({ outcome: failed }).lab)).toContain('too slow')
  })
})
