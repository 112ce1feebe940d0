import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { precisionReportSchema } from '#contract/precision.ts'
import { shapeSchema } from '#contract/shape.ts'
import { must, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { formatLegacy } from './legacy-error.ts'
import { beginFixture, type RunFixture } from './run-fixture.ts'
import { runPrecision } from './run-precision.ts'
import { runVerify } from './run-verify.ts'
import type { VerifyOptions } from './types.ts'

const whyNoCpu = whyNoDevice(testLibrary(), 'cpu')
let fixture: RunFixture
afterEach(() => fixture.end())

const options = (target: string, shape: object, more: Partial<VerifyOptions> = {}): VerifyOptions => ({
  target,
  shape: shapeSchema.parse({ m: 1, n: 96, k: 128, tB: true, ...shape }),
  data: 'random',
  seed: 1,
  ...more,
})
const verify = async (...args: Parameters<typeof options>) =>
  must(await runVerify(fixture.context, options(...args), fixture.hooks))
const precision = async (...args: Parameters<typeof options>) =>
  must(await runPrecision(fixture.context, options(...args), fixture.hooks))

describe('runVerify on the null device', () => {
  it('fails a kernel that writes nothing at every gate that can see it', async () => {
    fixture = beginFixture('null')
    const report = await verify('m1/plain', {})
    expect(report.passed).toBe(false)
    const failed = report.gates.filter(({ passed }) => !passed).map(({ gate }) => gate)
    expect(new Set(failed)).toEqual(new Set(['bound', 'exact', 'poison']))
  })

  it('prints what the old harness printed for an untouched output', async () => {
    fixture = beginFixture('null')
    const { error } = await verify('m1/plain', { n: 896, k: 896 }, { data: 'legacy' })
    expect([formatLegacy(error.maxAbs), error.maxRel.toFixed(4)]).toEqual(['3.2588e+01', '1.8983'])
  })

  it('fails as a value when the kernel cannot be found or the device is lost', async () => {
    fixture = beginFixture('null', { run: 'lost' })
    const missing = await runVerify(fixture.context, options('m1/nothing', {}), fixture.hooks)
    expect(missing).toMatchObject({ ok: false, error: { kind: 'not-found' } })
    const lost = await runVerify(fixture.context, options('m1/plain', {}), fixture.hooks)
    expect(lost).toMatchObject({ ok: false, error: { kind: 'device-lost' } })
  })
})

describe.skipIf(whyNoCpu)('runVerify on the cpu device', () => {
  beforeEach(() => {
    fixture = beginFixture('cpu')
  })

  it('puts kernel and baseline through bound and exact on three seeds', async () => {
    const report = await verify('m1/plain', { n: 51, k: 67 })
    expect(report.passed).toBe(true)
    expect(new Set(report.gates.map(({ gate, seed }) => `${gate} ${seed}`)).size).toBe(12)
    expect(report.error.maxAbs).toBeGreaterThan(0)
    if (report.baseline) expect(report.baseline.gates).toHaveLength(report.gates.length)
    else expect(report.baselineMissing).toBeTruthy()
  })

  it.each([
    ['m1/plain', { n: 896, k: 896 }, ['8.7585e-03', '4.7132e-04']],
    ['m1/plain', { n: 1152, k: 896, tB: false }, ['1.4099e-02', '4.7267e-04']],
    ['m1/fused', { n: 1152, k: 896, tB: false, bias: true }, ['1.4217e-02', '4.7581e-04']],
    ['m1/plain', { n: 64, k: 95, tB: false, batch: 14 }, ['3.7918e-03', '4.5909e-04']],
    ['m1/plain', { n: 51, k: 64, batch: 14 }, ['2.6875e-03', '4.5867e-04']],
  ])('%s on %o prints the recorded digits', async (target, shape, printed) => {
    const report = await verify(target, shape, { data: 'legacy' })
    expect([formatLegacy(report.error.maxAbs), formatLegacy(report.error.maxRel)]).toEqual(printed)
    expect(report.passed).toBe(true)
  })

  it('runs shapes with batches, two layouts, scale and old values', async () => {
    const shape = { m: 33, n: 40, k: 65, tB: false, batch: 2, alpha: 0.75, beta: -0.5 }
    expect(await verify('sgemm/naive', shape)).toMatchObject({ passed: true })
    const accumulated = await verify('sgemm/naive', { m: 17, n: 40, k: 65, tB: false, accumulate: true })
    expect(accumulated.passed).toBe(true)
    expect(accumulated.shape).toMatch(/beta=1,dtype=f32,accumulate=1$/)
  })

  it.each(['relu', 'gelu', 'silu'] as const)(
    'judges %s, baseline beside it, exact only where integers stay',
    async (act) => {
      const shape = { m: 17, n: 40, k: 65, tB: false, bias: true, beta: 0.5, act }
      const report = await verify('sgemm/naive', shape)
      expect(report.gates.filter(({ passed }) => !passed)).toEqual([])
      if (report.baseline) expect(report.baseline.passed).toBe(true)
      const isExact = act === 'relu'
      expect(report.gates.some(({ gate }) => gate === 'exact')).toBe(isExact)
      const skipped = report.gates.find(({ gate }) => gate === 'exact-skipped')
      expect(skipped?.detail).toEqual(isExact ? undefined : expect.stringContaining(`${act} of an integer is none`))
      const legacy = await verify('sgemm/naive', shape, { data: 'legacy' })
      expect([legacy.passed, legacy.error.maxAbs < 1e-4]).toEqual([true, true])
      const ignoring = await verify('m1/plain', { n: 64, k: 896, act })
      expect(new Set(ignoring.gates.filter(({ passed }) => !passed).map(({ gate }) => gate))).toEqual(
        new Set(isExact ? ['bound', 'exact'] : ['bound']),
      )
    },
  )

  it('sees one column without its bias', async () => {
    const report = await verify('m1/plain', { n: 64, k: 896, bias: true })
    expect(report.passed).toBe(false)
    expect(report.gates.filter(({ passed }) => !passed).length).toBe(6)
  })
})

describe.skipIf(whyNoCpu)('runPrecision on the cpu device', () => {
  beforeEach(() => {
    fixture = beginFixture('cpu')
  })

  it('shows kernel and baseline beside the truth', async () => {
    const report = await precision('m1/plain', { n: 300, k: 256 })
    expect(precisionReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report)
    expect(report.kernel).toMatchObject({ name: 'm1/plain', passed: true, heat: { rows: 1, columns: 100 } })
    expect(report.kernel.ulpHistogram[0]?.count).toBeGreaterThan(250)
    expect(report.kernel.worst[0]?.absError).toBeLessThanOrEqual(report.kernel.error.maxAbs)
    expect(report.baseline === null).toBe(report.baselineMissing !== undefined)
  })

  it('shows where a wrong kernel is wrong', async () => {
    const report = await precision('kernels/testing/m1_wrong.metal:m1_wrong_last_n', { n: 101 })
    expect(report.kernel.passed).toBe(false)
    expect(report.kernel.worst[0]).toMatchObject({ index: 100, column: 100, actual: null })
    expect(precisionReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report)
  })

  it('adds the old formula to legacy data', async () => {
    const report = await precision('m1/plain', { n: 896, k: 896 }, { data: 'legacy' })
    expect(formatLegacy(report.legacy?.maxAbs ?? 0)).toBe('8.7585e-03')
  })
})
