import type { Device } from '#contract/device.ts'
import type { BenchOptions } from '#contract/ipc.ts'
import type { PrecisionReport, PrecisionSide } from '#contract/precision.ts'
import { type ListedShape, type Shape, shapeSchema } from '#contract/shape.ts'
import { noise } from './noise.ts'

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

/** A shape of the model with what differs. */
export const fakeShape = (patch: Partial<Shape>): Shape =>
  shapeSchema.parse({ m: 1, n: 896, k: 896, tB: true, ...patch })

export const fakeShapes: ListedShape[] = [
  { op: 'matmul', line: 1, role: 'gate+up (2x4864)', count: 2280, totalMs: 740.54, shape: fakeShape({ n: 9728 }) },
  { op: 'matmul', line: 3, role: 'ffn down', count: 2280, totalMs: 545.15, shape: fakeShape({ k: 4864 }) },
  { op: 'matmul', line: 5, role: 'attn out', count: 2280, totalMs: 534.83, shape: fakeShape({}) },
  {
    op: 'matmul_bias_add',
    line: 7,
    role: 'fused QKV (896+128+128)',
    count: 2280,
    totalMs: 534.62,
    shape: fakeShape({ n: 1152, tB: false, bias: true }),
  },
  { op: 'matmul', line: 9, role: 'lm_head', count: 95, totalMs: 238.5, shape: fakeShape({ n: 151936 }) },
  {
    op: 'matmul_alpha_beta',
    line: 11,
    role: 'attention PV',
    count: 24,
    totalMs: 6,
    shape: fakeShape({ batch: 14, n: 64, k: 95, tB: false }),
  },
]

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
