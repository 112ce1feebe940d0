import { describe, expect, it, vi } from 'vitest'
import { fail, ok } from '#contract/error.ts'
import type { Row } from '#contract/row.ts'
import { countCells } from '#contract/sweep.ts'
import type { KnownRow } from './stored-rows.ts'
import { cellOfRow } from './sweep.ts'
import { matrixOf, rowOf, sweepOver, traceHost } from './sweep-fixture.ts'

/** A right row without a baseline. */
const timed = (cpuNs: number): Partial<Row> => ({
  kernel: { cpuNs, encodeNs: 0, commitNs: 0, waitNs: 0, samples: [cpuNs], lowNs: 1, highNs: 2, iterations: 1 },
})

describe('a sweep', () => {
  it('runs shape by shape, leaves gaps out, and tells every change of a cell', async () => {
    const trace = traceHost(() => 'ok')
    const planned = matrixOf(['a/x', 'a/y'], 2, (variant, shape) => variant === 1 && shape === 1)
    const sweep = sweepOver(planned, trace)
    await sweep.run()
    const steps = ['prepare a/x a/y', '.', 'a/x 64', '.', 'a/y 64', '.', 'a/x 65', '.']
    expect(trace.asked).toEqual(steps)
    expect(
      trace.told.map(({ cells }) => cells.map(({ variant, shape, state }) => `${variant}${shape} ${state}`)),
    ).toEqual([[], ...[['00 running'], ['00 ok'], ['10 running'], ['10 ok'], ['01 running'], ['01 ok']], []])
    expect(trace.told.at(-1)).toMatchObject({
      state: 'finished',
      counts: { pairs: 4, gaps: 1, waiting: 0, measured: 3, cached: 0, right: 3 },
      measuringNs: 15,
    })
  })

  it('compiles eight kernels ahead, each once, and never while a pair is under way', async () => {
    const trace = traceHost(() => 'ok')
    const names = Array.from({ length: 19 }, (_, at) => `a/${at}`)
    await sweepOver(matrixOf(names, 3), trace).run()
    const prepared = trace.asked.filter((step) => step.startsWith('prepare')).map((step) => step.split(' ').slice(1))
    expect(prepared.map(({ length }) => length)).toEqual([8, 8, 3])
    expect(prepared.flat()).toEqual(names)
    // A step that begins before the one before it has ended would stand beside another.
    expect(trace.asked.filter((_, at) => at % 2 === 1).every((step) => step === '.')).toBe(true)
    expect(trace.asked).toHaveLength(2 * (19 * 3 + 3))
  })

  it('compiles ahead again what a shape needs of its own', async () => {
    const trace = traceHost(() => 'ok')
    const planned = matrixOf(['a/x', 'a/y'], 3)
    planned.runs[4] = { ...planned.runs[4]!, build: 'f without a tail' }
    await sweepOver(planned, trace).run()
    const prepared = trace.asked.filter((step) => step.startsWith('prepare'))
    expect(prepared).toEqual(['prepare a/x a/y a/y'])
  })

  it('shows known rows and runs the rest; cached ones never count as measured', async () => {
    const trace = traceHost(() => 'wrong')
    const planned = matrixOf(['a/x'], 3)
    const known = new Map([
      [0, { row: rowOf(planned.runs[0]!, { startedAt: '2026-01-01T00:00:00.000Z' }), isCached: true, sampledNs: 7 }],
      [1, { row: rowOf(planned.runs[1]!, { status: 'device-lost' }), isCached: false, sampledNs: 9 }],
    ])
    const sweep = sweepOver(planned, trace, known)
    await sweep.run()
    expect(trace.asked.filter((step) => step.startsWith('a/'))).toEqual(['a/x 66'])
    expect(trace.told[0]!.cells).toMatchObject([
      { state: 'ok', isCached: true, measuredAt: '2026-01-01T00:00:00.000Z' },
      { state: 'device-lost', isCached: false },
    ])
    const counts = { pairs: 3, gaps: 0, waiting: 0, measured: 2, cached: 1, right: 1 }
    expect(sweep.status()).toMatchObject({ state: 'finished', counts })
  })

  it('measures the fastest of a shape once more before the next shape, and shows both', async () => {
    const times: Record<string, number> = { 'a/x': 30, 'a/y': 10, 'a/z': 20 }
    const trace = traceHost(({ variant }, isAgain) => timed((times[variant] ?? 0) + (isAgain ? 1 : 0)))
    const sweep = sweepOver(matrixOf(Object.keys(times), 2), trace)
    await sweep.run()
    const again = trace.asked.filter((step) => step.startsWith('again'))
    expect(again).toEqual([
      'again a/y 64',
      'again a/z 64',
      'again a/x 64',
      ...['y', 'z', 'x'].map((v) => `again a/${v} 65`),
    ])
    expect(trace.asked.indexOf('again a/x 64')).toBeLessThan(trace.asked.indexOf('a/x 65'))
    expect(sweep.status()).toMatchObject({
      state: 'finished',
      counts: { pairs: 6, measured: 6, right: 6 },
      measuringNs: 60,
      matrix: { cells: { 2: { kernelNs: 10, again: { kernelNs: 11, isCached: false } } } },
    })
  })

  it('measures the fastest of each element type once more, since they have no baseline in common', async () => {
    const trace = traceHost(() => timed(10))
    const planned = matrixOf(['a/x', 'a/y', 'b/x', 'b/y'], 1)
    for (const at of [2, 3]) planned.matrix.variants[at]!.dtype = 'f32'
    await sweepOver(planned, trace).run()
    const again = trace.asked.filter((step) => step.startsWith('again'))
    expect(again).toEqual(['again a/x 64', 'again a/y 64', 'again b/x 64', 'again b/y 64'])
  })

  it('counts a pair as not right that is wrong the second time', async () => {
    const trace = traceHost((_, isAgain) => (isAgain ? 'wrong' : timed(10)))
    const sweep = sweepOver(matrixOf(['a/x', 'a/y'], 1), trace)
    await sweep.run()
    expect(sweep.status().counts).toMatchObject({ measured: 2, right: 0 })
  })

  it('measures nobody once more of whom there is a second row', async () => {
    const trace = traceHost(() => timed(1))
    const planned = matrixOf(['a/x', 'a/y'], 1)
    const cached = planned.runs.map((run) => ({ row: rowOf(run!, timed(5)), isCached: true, sampledNs: 7 }))
    const known = new Map<number, KnownRow>(cached.entries())
    known.set(0, { ...cached[0]!, again: { row: rowOf(planned.runs[0]!, timed(6)), isCached: true, sampledNs: 7 } })
    await sweepOver(planned, trace, known).run()
    expect(trace.asked.filter((step) => step !== '.')).toEqual(['again a/y 64'])
    expect(trace.told[0]!.cells[0]).toMatchObject({ kernelNs: 5, again: { kernelNs: 6, isCached: true } })
  })

  it('counts as it would count all cells', async () => {
    const states = ['ok', 'wrong', 'timeout'] as const
    const trace = traceHost(({ shape }) => states[shape.n % 3]!)
    const sweep = sweepOver(matrixOf(['a/x', 'a/y'], 5), trace)
    await sweep.run()
    const { counts, matrix } = sweep.status()
    expect(counts).toEqual(countCells(matrix.cells))
  })

  it('is cancelled between pairs, and within one leaves that pair to be done', async () => {
    const trace = traceHost(() => {
      sweep.cancel()
      return 'cancelled'
    })
    const sweep = sweepOver(matrixOf(['a/x'], 3), trace)
    await sweep.run()
    expect(sweep.status()).toMatchObject({ state: 'cancelled', counts: { waiting: 3, measured: 0 } })
    expect(trace.told.slice(-3).map(({ state }) => state)).toEqual(['cancelling', 'cancelling', 'cancelled'])
    expect(sweep.status().matrix.cells.map(({ state }) => state)).toEqual(['waiting', 'waiting', 'waiting'])
  })

  it('goes on after a pair that someone cancelled by itself', async () => {
    const trace = traceHost(({ shape }) => (shape.n === 64 ? 'cancelled' : 'ok'))
    const sweep = sweepOver(matrixOf(['a/x'], 2), trace)
    await sweep.run()
    expect(sweep.status().matrix.cells.map(({ state }) => state)).toEqual(['cancelled', 'ok'])
  })

  it('ends as failed when no pair can be run at all', async () => {
    const trace = traceHost(() => fail({ kind: 'missing-tool', message: 'there is no such device' }))
    const sweep = sweepOver(matrixOf(['a/x'], 3), trace)
    await sweep.run()
    expect(trace.told.at(-1)).toMatchObject({
      state: 'failed',
      reason: 'there is no such device',
      counts: { waiting: 3 },
    })
  })

  it('ends as failed when something throws, which is a defect', async () => {
    const trace = traceHost(() => {
      throw new Error('out of order')
    })
    vi.spyOn(console, 'error').mockImplementation(() => {})
    await sweepOver(matrixOf(['a/x'], 2), trace).run()
    expect(trace.told.at(-1)).toMatchObject({ state: 'failed', reason: expect.stringContaining('out of order') })
  })

  it.each([
    ['proven', 'proven', 'proven'],
    ['proven', 'claimed', 'claimed'],
    ['claimed', 'proven', 'claimed'],
    ['proven', 'none', 'none'],
  ] as const)('a cached row that was %s of a pair that is %s today is shown as %s', (then, today, shown) => {
    const planned = matrixOf(['a/x'], 1)
    const row = rowOf(planned.runs[0]!, { claim: then })
    expect(cellOfRow({ ...planned.matrix.cells[0]!, claim: today }, { row, isCached: true }).claim).toBe(shown)
  })

  it('stops without an end when its process is about to be replaced', async () => {
    const trace = traceHost(({ shape }) => (shape.n === 65 ? ok(null) : 'ok'))
    const sweep = sweepOver(matrixOf(['a/x'], 3), trace)
    await sweep.run()
    expect(trace.told.every(({ state }) => state === 'running')).toBe(true)
    expect(trace.asked.filter((step) => step.startsWith('a/'))).toHaveLength(2)
  })
})
