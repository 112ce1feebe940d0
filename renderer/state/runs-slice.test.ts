import { beforeEach, describe, expect, it } from 'vitest'
import type { RunOutcome } from '#contract/ipc.ts'
import { fakeRow } from '../dev/fake-rows.ts'
import { useLab } from './store.ts'

const initial = useLab.getInitialState()
const state = () => useLab.getState()
const bench = (id: string, startedAt: string): RunOutcome => ({ kind: 'bench', row: fakeRow({ id, startedAt }) })
const timeout: RunOutcome = { kind: 'failed', error: { kind: 'timeout', message: 'Too long.' } }
const cancelled: RunOutcome = { kind: 'failed', error: { kind: 'cancelled', message: 'Cancelled.' } }

beforeEach(() => useLab.setState(initial, true))

describe('runs slice', () => {
  it('adds the row of a finished bench in front, selects it and forgets the run', () => {
    useLab.setState({ rows: [fakeRow({ id: 'old', startedAt: '2026-01-01T00:00:00Z' })] })
    state().beginRun({ runId: 'r1', kind: 'bench', subject: 'k' })
    state().finishRun({ runId: 'r1', outcome: bench('new', '2026-01-02T00:00:00Z') })
    expect(state().rows.map((row) => row.id)).toEqual(['new', 'old'])
    expect(state().selectedRowId).toBe('new')
    expect(state().runs).toEqual({})
  })

  it('keeps progress that arrives before the start was answered', () => {
    state().progressRun({ runId: 'r2', phase: 'verify', done: 1, total: 4, message: 'seed 1' })
    state().beginRun({ runId: 'r2', kind: 'precision', subject: 'k' })
    expect(state().runs.r2).toMatchObject({ kind: 'precision', phase: 'verify', done: 1, subject: 'k' })
  })

  it('adopts an end that arrives before the start was answered', () => {
    state().finishRun({ runId: 'r3', outcome: bench('early', '2026-01-03T00:00:00Z') })
    state().beginRun({ runId: 'r3', kind: 'bench', subject: 'k' })
    expect(state().rows.map((row) => row.id)).toEqual(['early'])
    expect(state().runs).toEqual({})
  })

  it('keeps a failure until the next run of its kind begins', () => {
    state().beginRun({ runId: 'r4', kind: 'bench', subject: 'k' })
    state().finishRun({ runId: 'r4', outcome: timeout })
    expect(state().failures.bench?.kind).toBe('timeout')
    state().beginRun({ runId: 'r5', kind: 'bench', subject: 'k' })
    expect(state().failures.bench).toBeUndefined()
  })

  it('shows no failure for what the person cancelled', () => {
    state().beginRun({ runId: 'r8', kind: 'bench', subject: 'k' })
    state().markCancelling('r8')
    expect(state().runs.r8?.isCancelling).toBe(true)
    state().finishRun({ runId: 'r8', outcome: cancelled })
    expect(state().failures).toEqual({})
    expect(state().runs).toEqual({})
  })

  it('keeps failures of proofs apart by flag', () => {
    state().beginRun({ runId: 'r6', kind: 'proof', subject: 'b/v#bias' })
    state().finishRun({ runId: 'r6', outcome: timeout })
    expect(Object.keys(state().failures)).toEqual(['b/v#bias'])
  })

  it('does not keep a row twice that is told twice', () => {
    for (const runId of ['r7', 'r9']) {
      state().beginRun({ runId, kind: 'bench', subject: 'k' })
      state().finishRun({ runId, outcome: bench('same', '2026-01-04T00:00:00Z') })
    }
    expect(state().rows.map((row) => row.id)).toEqual(['same'])
  })
})
