import type { Device } from '#contract/device.ts'
import type { BenchOptions } from '#contract/ipc.ts'
import type { PrecisionReport, PrecisionSide } from '#contract/precision.ts'
import type { ArmTimes, Row } from '#contract/row.ts'
import { type ListedShape, type Shape, shapeSchema } from '#contract/shape.ts'

/** Repeatable noise in [0, 1). */
export function noise(seed: number): () => number {
  let state = seed * 2654435761 + 1
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

export const fakeDevices: Device[] = [
  {
    id: 'cpu',
    name: 'AMD EPYC 9654 (2 cores)',
    kind: 'cpu',
    arch: 'x86-64-v4',
    driver: 'clang 22.1.0',
    timeDomain: 'cpu',
    simdWidth: 32,
    coreCount: 2,
    maxThreadsPerThreadgroup: 1024,
    maxThreadgroupBytes: 32768,
    maxBufferBytes: 2 ** 34,
    workingSetBytes: 2 ** 34,
    hasUnifiedMemory: true,
    capabilities: ['loop', 'fiber', 'analyse'],
    tiers: [
      { name: 'loop', flags: '-O2' },
      { name: 'fiber', flags: '-O2' },
      { name: 'vector', flags: '', missing: 'clang 22 is not installed (apt-get install clang-22)' },
    ],
    baseline: 'OpenBLAS 0.3.21',
  },
  {
    id: 'cuda',
    name: 'NVIDIA GPU',
    kind: 'cuda',
    arch: '',
    driver: '',
    timeDomain: 'gpu',
    simdWidth: 32,
    coreCount: 0,
    maxThreadsPerThreadgroup: 1024,
    maxThreadgroupBytes: 32768,
    maxBufferBytes: 0,
    workingSetBytes: 0,
    hasUnifiedMemory: false,
    capabilities: [],
    tiers: [],
    baseline: null,
    unavailable: 'no NVIDIA driver',
  },
]

const shape = (patch: Partial<Shape>): Shape => shapeSchema.parse({ m: 1, n: 896, k: 896, tB: true, ...patch })

export const fakeShapes: ListedShape[] = [
  { op: 'matmul', line: 1, role: 'gate+up (2x4864)', count: 2280, totalMs: 740.54, shape: shape({ n: 9728 }) },
  { op: 'matmul', line: 3, role: 'ffn down', count: 2280, totalMs: 545.15, shape: shape({ k: 4864 }) },
  { op: 'matmul', line: 5, role: 'attn out', count: 2280, totalMs: 534.83, shape: shape({}) },
  {
    op: 'matmul_bias_add',
    line: 7,
    role: 'fused QKV (896+128+128)',
    count: 2280,
    totalMs: 534.62,
    shape: shape({ n: 1152, tB: false, bias: true }),
  },
  { op: 'matmul', line: 9, role: 'lm_head', count: 95, totalMs: 238.5, shape: shape({ n: 151936 }) },
  {
    op: 'matmul_alpha_beta',
    line: 11,
    role: 'attention PV',
    count: 24,
    totalMs: 6,
    shape: shape({ batch: 14, n: 64, k: 95, tB: false }),
  },
]

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
    shape: shape({}),
    device: 'cpu',
    status: 'ok',
    ratio: { value: ratio0, low: ratio0 * 0.985, high: ratio0 * 1.017 },
    verdict: ratio0 < 0.99 ? 'FAST' : 'SLOW',
    verdictReason: `The intervals do not overlap and the ratio's interval excludes 1.`,
    gauge: { ratio: 1.001, low: 0.994, high: 1.007, verdict: 'SAME', falseVerdictRate: 0.02 },
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

/** What the store remembers. */
export function fakeRows(): Row[] {
  const none = {
    ratio: undefined,
    verdict: undefined,
    verdictReason: undefined,
    gauge: undefined,
    kernel: undefined,
    stop: undefined,
    error: undefined,
    baseline: { name: 'OpenBLAS' },
  }
  return [
    fakeRow({ seed: 11, startedAt: ago(2), ratio0: 0.83 }),
    fakeRow({
      seed: 12,
      startedAt: ago(7),
      ratio0: 1.004,
      verdict: 'AMBIGUOUS',
      claim: 'claimed',
      shape: shape({ n: 9728 }),
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
      shape: shape({ n: 1152, bias: true }),
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
      seed: 15,
      startedAt: ago(60 * 26),
      ratio0: 1.31,
      isCached: true,
      variant: 'sgemm/tiled_simd4',
      claim: 'none',
      shape: shape({ m: 128, n: 512, k: 512, tB: false, dtype: 'f32' }),
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

function side(name: string, { seed, scale, s }: { seed: number; scale: number; s: Shape }): PrecisionSide {
  const next = noise(seed)
  const rows = Math.min(64, s.m * s.batch)
  const columns = Math.min(1024, s.n)
  const values = Array.from({ length: rows * columns }, () => scale * next() ** 3)
  const worst = Array.from({ length: 10 }, (_, rank) => {
    const column = Math.floor(next() * s.n)
    const expected = 30 * (next() - 0.5)
    return {
      index: column,
      row: 0,
      column,
      expected,
      actual: Math.fround(expected + 0.004 / (rank + 1)),
      absError: 0.0078 / (rank + 1),
      ulps: 0.5 / (rank + 1),
    }
  })
  const total = s.m * s.n * s.batch
  return {
    name,
    passed: true,
    worst,
    error: {
      maxAbs: 0.0078,
      maxRel: 0.00049,
      maxUlp: 0.5 + scale,
      bound: scale,
      unwritten: 0,
      worstIndex: worst[0]?.index,
      expected: worst[0]?.expected,
      actual: worst[0]?.actual,
    },
    ulpHistogram: [
      { upTo: 0.5, count: Math.round(total * 0.93) },
      { upTo: 1, count: Math.round(total * 0.066 * (1 + scale)) },
      { upTo: 2, count: 3 },
      { upTo: 4, count: scale > 0.2 ? 1 : 0 },
      { upTo: 8, count: 0 },
      { upTo: null, count: 0 },
    ],
    heat: { rows, columns, values, cellRows: (s.m * s.batch) / rows, cellColumns: s.n / columns },
  }
}

export function fakePrecision(variant: string, options: BenchOptions): PrecisionReport {
  const s = options.shape
  return {
    variant,
    shape: s,
    device: options.device,
    seed: options.seed,
    data: options.data,
    kernel: side('kernel', { seed: 5, scale: 0.31, s }),
    baseline: side('OpenBLAS', { seed: 9, scale: 0.17, s }),
  }
}
