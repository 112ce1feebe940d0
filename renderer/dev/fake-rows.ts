import type { ArmTimes, Row } from '#contract/row.ts'
import { fakeShape } from './fake-results.ts'
import { noise } from './noise.ts'

function arm(medianNs: number, { spread, seed, count }: { spread: number; seed: number; count: number }): ArmTimes {
  const next = noise(seed)
  const samples = Array.from(
    { length: count },
    () => medianNs * (1 + spread * (next() + next() - 1) + (next() > 0.95 ? spread * 2.5 * next() : 0)),
  )
  const half = (medianNs * spread) / Math.sqrt(count)
  return {
    cpuNs: medianNs,
    encodeNs: 410,
    overheadNsPerDispatch: { value: 412, low: 398, high: 427 },
    roofFraction: 22_400 / medianNs,
    commitNs: 1900,
    waitNs: medianNs * 1.02,
    samples,
    lowNs: medianNs - half,
    highNs: medianNs + half,
    iterations: 12,
  }
}

const identity: Row['identity'] = {
  sourceHash: '9b1e44d07c52ab31',
  entryHash: '03aa5b19f0c27d64',
  compiler: 'clang 22.1.0',
  flags: '-O3 -march=native',
  mathMode: 'default',
  device: 'AMD EPYC 9654',
  driver: 'klab-cpu 0.1.0',
  os: 'Linux 6.1',
  labVersion: '0.1.0',
  gitCommit: '731c27c',
  dtype: 'f16',
  seed: 1,
  data: 'random',
  mode: 'single',
  cache: 'warm',
  tier: 'loop',
  power: 'unknown',
}

/** A row that looks measured; `ratio` is where its medians lie. */
export function fakeRow(patch: Partial<Row> & { ratio0?: number; seed?: number }): Row {
  const { ratio0 = 0.83, seed = 1, ...rest } = patch
  const kernel = arm(61_300 * ratio0, { spread: 0.03, seed, count: 60 })
  const baseline = arm(61_300, { spread: 0.05, seed: seed + 7, count: 60 })
  return {
    id: `row-${seed}-${rest.startedAt ?? ''}`,
    variant: 'm1_optimized/dot_bn128_bias',
    shape: fakeShape({}),
    device: 'cpu',
    status: 'ok',
    ratio: { value: ratio0, low: ratio0 * 0.985, high: ratio0 * 1.017 },
    verdict: ratio0 < 0.99 ? 'FAST' : 'SLOW',
    verdictReason: `The intervals do not overlap and the ratio's interval excludes 1.`,
    gauge: {
      ratio: 1.001,
      low: 0.994,
      high: 1.007,
      verdict: 'SAME',
      falseVerdictRate: 0.02,
      falseVerdicts: 1,
      comparisons: 50,
    },
    kernel,
    baseline: {
      ...baseline,
      name: 'OpenBLAS',
      error: { maxAbs: 0.0039, maxRel: 0.00048, maxUlp: 0.5, bound: 0.14, unwritten: 0 },
    },
    error: {
      maxAbs: 0.0078,
      maxRel: 0.00049,
      maxUlp: 0.5,
      bound: 0.21,
      unwritten: 0,
      worstIndex: 311,
      expected: 17.0231,
      actual: 17.03125,
    },
    roof: {
      leastNs: 22_400,
      boundBy: 'memory',
      bytes: 1_609_216,
      flops: 1_605_632,
      level: 'L2',
      bytesPerSecond: 71.8e9,
      flopsPerSecond: 98e9,
      measuredAt: '2026-11-20T09:00:00Z',
      margin: 1.5,
    },
    stop: 'converged',
    identity,
    claim: 'proven',
    startedAt: new Date().toISOString(),
    wallNs: 0.84e9,
    isCached: false,
    ...rest,
  }
}

const ago = (minutes: number) => new Date(Date.now() - minutes * 60e3).toISOString()

/** What a row without a time lacks. */
const none = {
  ratio: undefined,
  verdict: undefined,
  verdictReason: undefined,
  gauge: undefined,
  kernel: undefined,
  stop: undefined,
  roof: undefined,
  error: undefined,
  baseline: { name: 'OpenBLAS' },
}

/** What the store remembers. */
export function fakeRows(): Row[] {
  return [
    fakeRow({ seed: 11, startedAt: ago(2), ratio0: 0.83 }),
    fakeRow({
      seed: 12,
      startedAt: ago(7),
      ratio0: 1.004,
      verdict: 'AMBIGUOUS',
      claim: 'claimed',
      shape: fakeShape({ n: 9728 }),
      stop: 'time-cap',
      verdictReason: 'The interval includes 1, and is wider than ±1 %.',
    }),
    fakeRow({
      ...none,
      seed: 13,
      startedAt: ago(9),
      variant: 'm1_dot_product.metal:m1_dot_product',
      status: 'device-lost',
      claim: 'none',
      reason: 'The kernel read outside of buffer 1 (b) and took the host down.',
      location: { file: 'kernels/m1_dot_product.metal', line: 22 },
    }),
    fakeRow({
      ...none,
      seed: 14,
      startedAt: ago(14),
      variant: 'm1_optimized/dot_bn128',
      status: 'wrong',
      claim: 'claimed',
      shape: fakeShape({ n: 1152, bias: true }),
      reason: '1152 of 1152 outputs are past the bound.',
      error: {
        maxAbs: 1.02,
        maxRel: 0.43,
        maxUlp: 4100,
        bound: 212,
        unwritten: 0,
        worstIndex: 17,
        expected: -3.2041,
        actual: -2.1875,
      },
    }),
    fakeRow({
      ...none,
      seed: 17,
      startedAt: ago(31),
      status: 'invalid',
      claim: 'proven',
      reason:
        'Faster than the roof allows: a median of 11.2 µs, where 1.53 MiB from the L2 cache take at least 22.4 µs (÷ 1.5). The result is right, but the clock or the kernel skips something.',
    }),
    fakeRow({
      seed: 15,
      startedAt: ago(60 * 26),
      ratio0: 1.31,
      isCached: true,
      variant: 'sgemm/tiled_simd4',
      claim: 'none',
      shape: fakeShape({ m: 128, n: 512, k: 512, tB: false, dtype: 'f32' }),
    }),
    fakeRow({
      ...none,
      seed: 16,
      startedAt: ago(60 * 27),
      status: 'timeout',
      isCached: true,
      claim: 'none',
      variant: 'sgemm/naive',
      reason: 'No answer within 10 s; the host was started again.',
    }),
  ]
}
