import { describe, expect, it } from 'vitest'
import { fail, ok } from '#contract/error.ts'
import type { ProofReport } from '#contract/evidence.ts'
import type { RunOutcome } from '#contract/ipc.ts'
import type { Flag, FlagStatus } from '#contract/manifest.ts'
import type { Invocation } from './command.ts'
import { command } from './commands/prove.ts'
import { exitCodeOf } from './exit-codes.ts'

const statusOf = (flag: Flag, state: FlagStatus['state'], device: string): FlagStatus => ({
  ...{ variant: 'm1/v', flag, value: state !== 'off', state, device, reason: `${state} on ${device}` },
})
const failure = {
  gate: 'exact',
  shape: 's',
  seed: 1,
  index: 0,
  expected: 1,
  actual: 2,
  message: 'gate exact on s: wrong',
}

/** A lab that lists three flags and lets proofs of bias fail. */
function fakeLab() {
  const started: unknown[] = []
  let finish: (event: { runId: string; outcome: RunOutcome }) => void = () => {}
  const reportOf = (flag: Flag): ProofReport =>
    flag === 'bias'
      ? { variant: 'm1/v', flag, state: 'claimed', failures: [failure], gates: [], withdrawn: '2026-01-02T03:04:05Z' }
      : { variant: 'm1/v', flag, state: 'proven', failures: [], gates: [] }
  const lab = {
    request: async (name: string, input: { device: string; flags: Flag[] }) => {
      if (name === 'flags.list') {
        const states = [statusOf('bias', 'proven', input.device), statusOf('batch', 'claimed', input.device)]
        return ok({ flags: [...states, statusOf('smallK', 'off', input.device)] })
      }
      if (name !== 'cli.proofs.start') return fail({ kind: 'internal', message: name })
      started.push(input)
      setImmediate(() =>
        finish({ runId: 'r', outcome: { kind: 'proofs', reports: input.flags.map(reportOf), errors: [] } }),
      )
      return ok({ runId: 'r' })
    },
    on: (name: string, listener: typeof finish) => {
      if (name === 'run.finished') finish = listener
      return () => {}
    },
  }
  return { lab: lab as unknown as ReturnType<Invocation['lab']>, started }
}

async function prove(values: Invocation['values']) {
  const { lab, started } = fakeLab()
  const logged: string[] = []
  const result = await command.run({
    ...{ positionals: [], values, workspaceRoot: '/', lab: () => lab, anotherLab: () => lab },
    ...{ device: async () => ok('cpu'), log: (line: string) => logged.push(line) },
  })
  if (!result.ok) return { started, logged, text: result.error.message, exitCode: exitCodeOf(result.error) }
  return { started, logged, text: result.value.text, exitCode: result.value.exitCode }
}

describe('klab prove of many flags', () => {
  it('--again takes what shows as claimed on the device, and --all also what shows as proven', async () => {
    const again = await prove({ again: true })
    expect(again.started).toEqual([{ variant: 'm1/v', flags: ['batch'], device: 'cpu', isDry: false }])
    const all = await prove({ all: true })
    expect(all.started).toEqual([{ variant: 'm1/v', flags: ['bias', 'batch'], device: 'cpu', isDry: false }])
    expect(all.logged).toEqual(['m1/v bias: once more, proven on cpu', 'm1/v batch: claimed on cpu'])
  })

  it('says of a flag that fails now that its evidence is taken back', async () => {
    const { text, exitCode } = await prove({ all: true })
    expect(exitCode).toBe(1)
    expect(text).toContain(
      'm1/v bias: claimed\n  its evidence of 2026-01-02T03:04:05Z is taken back\n  gate exact on s: wrong',
    )
  })

  it.each([
    [{ all: true, again: true }, 'leave one out'],
    [{ all: true, variant: 'm1/v' }, '--all takes every variant and flag'],
    [{ again: true, flag: 'bias' }, '--again takes every variant and flag'],
    [{}, 'say which variant'],
  ])('%o is wrong usage', async (values, message) => {
    const { text, exitCode, started } = await prove(values)
    expect([exitCode, text, started]).toEqual([2, expect.stringContaining(message), []])
  })
})
