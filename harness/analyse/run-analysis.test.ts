import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { analysisChecks } from '#contract/analysis.ts'
import { type Shape, shapeSchema } from '#contract/shape.ts'
import { must, testLibrary, whyNoAnalysis } from '../bridge/device-fixture.ts'
import type { RunArg } from '../run/request.ts'
import { beginFixture, type RunFixture } from '../verify/run-fixture.ts'
import { type AnalysisRequest, runAnalysis } from './run-analysis.ts'
import { type DispatchAnalysisRequest, runDispatchAnalysis } from './run-dispatch-analysis.ts'

const whyNot = whyNoAnalysis(testLibrary(), 'cpu')
let fixture: RunFixture

const shape = (patch: Partial<Shape>) => shapeSchema.parse({ m: 33, n: 17, k: 5, dtype: 'f32', ...patch })
const request = (patch: Partial<AnalysisRequest> = {}): AnalysisRequest => ({
  target: 'sgemm/naive',
  shape: shape({}),
  data: 'random',
  seed: 1,
  checks: [...analysisChecks],
  schedules: 1,
  ...patch,
})

const analyse = (patch?: Partial<AnalysisRequest>) => runAnalysis(fixture.context, request(patch), fixture.hooks)

/** Analyses one entry `k` over 64 threads in 2 threadgroups. */
function dispatch(source: string, args: RunArg[], schedules = 1) {
  const path = join(fixture.root, 'kernels', 'by_hand.metal')
  writeFileSync(path, `#include <metal_stdlib>\nusing namespace metal;\n${source}`)
  const given = { includeRoots: [], macros: [], constants: [], threadgroupMemory: [], args, seed: 1 }
  const settings = { checks: [...analysisChecks], schedules }
  const asked: DispatchAnalysisRequest = {
    ...given,
    ...settings,
    path,
    entry: 'k',
    gridIsThreads: false,
    grid: [2, 1, 1],
    threads: [32, 1, 1],
  }
  return runDispatchAnalysis(fixture.context, asked, fixture.hooks)
}

afterEach(() => fixture.end())

describe('without a device that can', () => {
  beforeEach(() => {
    fixture = beginFixture('null')
  })
  it('says so before anything is compiled', async () => {
    expect(await analyse()).toMatchObject({ ok: false, error: { kind: 'unsupported' } })
    expect(fixture.hooks.phases).toEqual([])
  })
})

describe.skipIf(whyNot)('a kernel on a shape', () => {
  beforeEach(() => {
    fixture = beginFixture('cpu')
  })

  it('is clean where it is, and its loads and stores are counted to the byte', async () => {
    const report = must(await analyse())
    expect(report).toMatchObject({ findings: [], orderDependence: [], variant: 'sgemm/naive', entry: 'sgemm_naive' })
    const { total } = report.counters
    expect(total.deviceReadBytes).toBe(4 * 2 * 33 * 17 * 5)
    expect(total.deviceWriteBytes).toBe(4 * 33 * 17)
    expect(total.flopsF32).toBeGreaterThanOrEqual(2 * 33 * 17 * 5)
    expect(report.minimumBytes).toBe(4 * (33 * 5 + 5 * 17 + 33 * 17))
    expect(report.files[0]).toMatch(/sgemm_naive\.metal$/)
    expect(fixture.hooks.phases).toEqual(['compile', 'analyse'])
  })

  it('counts what C held when the result reads it', async () => {
    const report = must(await analyse({ target: 'kernels/sgemm_naive.metal:sgemm_naive', shape: shape({ beta: 1 }) }))
    expect(report.findings).toEqual([])
    expect(report.counters.total.deviceReadBytes).toBe(4 * (2 * 33 * 17 * 5 + 33 * 17))
  })

  it('counts an access of each arm of a branch, also where both arms look alike', async () => {
    const target = 'kernels/sgemm_tiled_simd.metal:sgemm_tiled_simd8'
    const report = must(await analyse({ target, shape: shape({ m: 41, n: 39, k: 43 }) }))
    // One tile of 64 by 64: every element of A and B is loaded once.
    expect(report.counters.total.deviceReadBytes).toBe(4 * (41 * 43 + 43 * 39))
  })

  it('counts once and looks again under every schedule', async () => {
    const once = must(await analyse())
    const often = must(await analyse({ schedules: 3 }))
    expect(often).toMatchObject({ findings: [], orderDependence: [], schedules: 3 })
    expect(often.counters).toEqual(once.counters)
  })

  it('watches what the manifest does not claim as well, and says so', async () => {
    const report = must(await analyse({ shape: shape({ tB: true }) }))
    expect(report.note).toBe('the manifest does not claim this shape: transposeB not supported')
    expect(report.counters.total.deviceReadBytes).toBeGreaterThan(0)
  })

  it('takes only the checks asked for', async () => {
    const report = must(await analyse({ checks: ['bounds'] }))
    expect(report.counters.total).toMatchObject({ executions: 0, deviceReadBytes: 0 })
  })

  it('ends as cancelled when it was before it began', async () => {
    fixture.hooks.cancel()
    expect(await analyse()).toMatchObject({ ok: false, error: { kind: 'cancelled' } })
  })
})

describe.skipIf(whyNot)('a dispatch by hand', () => {
  beforeEach(() => {
    fixture = beginFixture('cpu')
  })
  const out: RunArg = { kind: 'buffer', index: 0, type: 'u32', init: 'undefined', count: 64 }
  const counter: RunArg = { kind: 'buffer', index: 1, type: 'u32', init: 'zeros', count: 1 }

  it('shows what depends on the order without racing: the threads take tickets', async () => {
    const source = `kernel void k(device uint* out [[buffer(0)]], device atomic_uint* next [[buffer(1)]],
    uint id [[thread_position_in_grid]]) {
  out[atomic_fetch_add_explicit(next, 1u, memory_order_relaxed)] = id;
}`
    const report = must(await dispatch(source, [out, counter], 2))
    expect(report.findings).toEqual([])
    expect(report.orderDependence).toMatchObject([{ buffer: 0, bufferName: 'out', schedule: 1, elements: 64 }])
  })

  it('finds a read of what nobody wrote, at its line', async () => {
    const source =
      'kernel void k(device uint* out [[buffer(0)]], uint id [[thread_position_in_grid]]) {\n  out[id] += id;\n}'
    const report = must(await dispatch(source, [out]))
    expect(report.findings).toMatchObject([{ kind: 'uninitialised', line: 4, buffer: 0, bufferName: 'out', count: 64 }])
    const zeroed = must(await dispatch(source, [{ ...out, init: 'zeros' }]))
    expect(zeroed).toMatchObject({ findings: [], minimumBytes: 256 })
  })

  it('refuses arguments as a run does', async () => {
    const source = 'kernel void k(device uint* out [[buffer(0)]]) { out[0] = 1; }'
    const refused = await dispatch(source, [{ ...out, type: 'f32', init: 'zeros' }])
    expect(refused).toMatchObject({ ok: false, error: { kind: 'invalid', message: expect.stringContaining('u32') } })
    expect(await dispatch('kernel void k() {', [])).toMatchObject({ ok: false, error: { kind: 'compile' } })
  })
})
