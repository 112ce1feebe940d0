import { describe, expect, it } from 'vitest'
import { compareRows, isDifferent, type MetricDiff } from './compare.ts'
import type { ArmTimes, Row } from './row.ts'
import { comparisonBars, rowBars } from './row-bars.ts'
import { rowSample } from './row-fixture.ts'

const timed = (ns: number, half: number, more: Partial<ArmTimes> = {}): ArmTimes => ({
  ...{ cpuNs: ns, encodeNs: 400, commitNs: 100, waitNs: ns, samples: [ns], iterations: 4 },
  ...{ lowNs: ns - half, highNs: ns + half },
  ...more,
})
const row = (ns: number, half: number, patch: Partial<Row> = {}) =>
  rowSample({ kernel: timed(ns, half), baseline: { ...timed(1000, 5), name: 'blas' }, ...patch })
const metric = (name: string, reference: Row, other: Row): MetricDiff => {
  const found = compareRows(reference, other).metrics.find((one) => one.name === name)
  if (!found) throw new Error(`no metric ${name}`)
  return found
}

describe('isDifferent', () => {
  const figure = (value: number, half: number) => ({ value, low: value - half, high: value + half })
  it.each([
    ['apart by more than either is wide', figure(100, 2), figure(110, 2), true],
    ['overlapping', figure(100, 6), figure(110, 6), false],
    ['apart, but by less than one is wide', figure(100, 1), figure(110, 6), false],
    ['of which one has no interval', figure(100, 1), { value: 200 }, false],
  ])('of figures %s', (...[, a, b, expected]) => {
    expect(isDifferent(a, b)).toBe(expected)
    expect(isDifferent(b, a)).toBe(expected)
  })
})

describe('compareRows', () => {
  it('calls a difference only where it is larger than both intervals', () => {
    expect(metric('Kernel', row(500, 4), row(400, 4)).outcome).toBe('better')
    expect(metric('Kernel', row(400, 4), row(500, 4)).outcome).toBe('worse')
    expect(metric('Kernel', row(500, 40), row(460, 40)).outcome).toBe('?')
    const { change } = metric('Kernel', row(500, 0), row(400, 0))
    expect(change).toEqual({ value: 0.8, low: 0.8, high: 0.8 })
  })

  it('makes intervals as wide as repeats of a measurement lie apart', () => {
    const repeats = { isOwn: true, measurements: 5, kernels: 1, spread: 0.1, low: 0.4, high: 0.6 }
    expect(metric('Kernel', row(500, 4, { repeats }), row(450, 4, { repeats })).outcome).toBe('?')
    expect(compareRows(row(500, 4, { repeats }), row(450, 4)).isSpreadUnknown).toBe(true)
    expect(compareRows(row(500, 4, { repeats }), row(450, 4, { repeats })).isSpreadUnknown).toBe(false)
    const ratio = { value: 0.5, low: 0.49, high: 0.51 }
    expect(metric('Kernel ÷ baseline', row(1, 0, { ratio, repeats }), row(1, 0)).reference).toMatchObject({ high: 0.6 })
  })

  it('holds no times of two shapes or two clocks against each other', () => {
    const other = row(400, 4)
    expect(metric('Kernel', row(500, 4), { ...other, shape: { ...other.shape, m: 7 } }).outcome).toBe('none')
    const onGpu = row(400, 4, { kernel: timed(400, 4, { cpuNs: undefined, gpuNs: 400 }) })
    expect(metric('Kernel', row(500, 4), onGpu)).toMatchObject({ outcome: 'none', change: null })
  })

  it('says what else differs than the kernel', () => {
    const identity = { ...row(1, 0).identity, tier: 'fiber', sourceHash: 'other' }
    const { conditions, isSameKernel } = compareRows(row(1, 0), row(1, 0, { identity }))
    expect(conditions.map(({ name }) => name)).toEqual(['tier'])
    expect(isSameKernel).toBe(false)
    expect(compareRows(row(1, 0), row(2, 0))).toMatchObject({ conditions: [], isSameKernel: true })
  })

  it('takes errors for exact', () => {
    const error = { maxAbs: 0.5, maxRel: 0, maxUlp: 1, bound: 0.2, unwritten: 0 }
    const [a, b] = [row(1, 0, { error }), row(1, 0, { error: { ...error, maxAbs: 0.25 } })]
    expect(metric('Max error', a, b).outcome).toBe('better')
    expect(metric('Of the error bound', a, b).outcome).toBe('equal')
  })
})

describe('bars', () => {
  const roof = {
    ...{ leastNs: 200, boundBy: 'memory' as const, bytes: 1, flops: 1, level: 'L2' },
    ...{ bytesPerSecond: 1, flopsPerSecond: 1, measuredAt: '', margin: 1.5 },
  }
  it('never puts the time of a GPU and of a CPU on one axis', () => {
    const overheadNsPerDispatch = { value: 40, low: 39, high: 41 }
    const kernel = timed(500, 4, { cpuNs: undefined, gpuNs: 500, overheadNsPerDispatch })
    const groups = rowBars(row(0, 0, { kernel, roof }))
    expect(groups.map(({ title }) => title)).toEqual([
      'GPU time of the device, per iteration',
      'CPU time of the host, per dispatch',
    ])
    expect(groups[0]?.bars).toMatchObject([
      { series: 'kernel', ns: 500, low: 496, high: 504 },
      { series: 'baseline' },
      { series: 'roof', ns: 200 },
    ])
    expect(groups[1]?.bars).toMatchObject([{ ns: 40, low: 39 }, { note: 'not measured' }])
  })

  it('says why there is no bar', () => {
    const [device] = rowBars(row(500, 4, { baseline: { name: 'blas', missing: 'no library' } }))
    expect(device?.bars.slice(1)).toMatchObject([
      { note: 'no library' },
      { note: expect.stringContaining('not known') },
    ])
    expect(rowBars(rowSample({ status: 'wrong' }))).toEqual([])
  })

  it('shows two kernels of one clock beside one baseline', () => {
    const [device] = comparisonBars(row(500, 4), row(400, 4))
    expect(device?.bars.map(({ name, ns }) => [name, ns])).toEqual([
      ['reference', 500],
      ['this', 400],
      ['blas', 1000],
      ['roof', undefined],
    ])
  })
})
