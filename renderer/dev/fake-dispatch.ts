import type { DevicePeaks, DispatchReport, Quantity } from '#contract/inspect.ts'
import type { Shape } from '#contract/shape.ts'

export const fakePeaks: DevicePeaks = {
  measuredAt: '2026-11-20T09:00:00.000Z',
  levels: [
    { name: 'L1', bytes: 64 * 1024, bytesPerSecond: 240e9 },
    { name: 'L2', bytes: 2 ** 20, bytesPerSecond: 110e9 },
    { name: 'L3', bytes: 2 ** 25, bytesPerSecond: 60e9 },
    { name: 'memory', bytes: null, bytesPerSecond: 18e9 },
  ],
  flopsPerSecond: { f32: 190e9, f16: 100e9 },
}

const of = (value: number, formula: string): Quantity => ({ value, formula })
const tile = 32

/** The launch of a kernel with tiles of 32 × 32. */
export function fakeDispatch(variant: string, { shape, device }: { shape: Shape; device: string }): DispatchReport {
  const { m, n, k } = shape
  const [tileRows, tileColumns] = [Math.ceil(m / tile), Math.ceil(n / tile)]
  const groups = tileRows * tileColumns
  const whole = Math.floor(m / tile) * Math.floor(n / tile)
  const unused = 1 - (m * n) / (groups * tile * tile)
  const bytes = 2 * (m * k + k * n + m * n)
  return {
    variant,
    entry: variant.split('/').at(-1) ?? variant,
    device,
    shape,
    origin: 'file',
    grid: [of(tileColumns, 'ceilDiv(n, 32)'), of(tileRows, 'ceilDiv(m, 32)'), of(1, 'batch')],
    threads: [of(32, '32'), of(8, '8'), of(1, '1')],
    threadgroups: of(groups, `${tileColumns} × ${tileRows} × 1`),
    threadsPerGroup: of(256, '32 × 8 × 1'),
    simdgroupsPerGroup: of(8, '⌈256 threads ÷ 32 lanes⌉'),
    emptyLanes: of(0, '8 simdgroups × 32 lanes − 256 threads'),
    totalThreads: of(groups * 256, `${groups} threadgroups × 256 threads`),
    maxThreadsPerGroup: 1024,
    threadgroupBytes: { dynamic: of(0, 'none handed over'), declared: 8448, limit: 32768 },
    build: { isOk: true, maxThreads: 1024, registers: null, spillBytes: null },
    constants: [{ name: 'BM', value: tile }],
    bindings: [{ index: 0, name: 'A', value: `${2 * m * k} B` }],
    tiling: {
      rows: tile,
      columns: tile,
      tileRows,
      tileColumns,
      batches: 1,
      slices: 1,
      source: 'grid',
      rowAxis: 'y',
      columnAxis: 'x',
      lastRows: m - (tileRows - 1) * tile,
      lastColumns: n - (tileColumns - 1) * tile,
      partial: of(groups - whole, `${groups} tiles − ${whole} whole ones`),
      beyond: of(0, `${groups} threadgroups − ${groups} tiles`),
      unusedShare: of(unused, `1 − ${m * n} outputs ÷ ${groups * tile * tile}`),
      idleThreads: of(groups * 256 * unused, `${groups * 256} threads × share of outputs that are none`),
      tileBytes: of(2 * (m * k * tileColumns + k * n * tileRows + m * n), 'A × tiles along n + B × tiles along m + C'),
    },
    flops: of(2 * m * n * k, `2 × ${m} × ${n} × ${k}`),
    compulsoryBytes: of(bytes, 'A + B + C bytes'),
    intensity: of((2 * m * n * k) / bytes, 'operations ÷ bytes'),
    peaks: null,
    occupancy: [
      {
        model: 'Apple M1 (8 cores, Apple 7)',
        source: 'measured from outside',
        cores: 8,
        limits: [{ resource: 'threads', groups: 12, formula: '⌊96 simdgroups of a core ÷ 8 of a threadgroup⌋' }],
        limitedBy: 'threads',
        share: of(1, '12 threadgroups × 8 simdgroups ÷ 96 of a core'),
        waves: of(groups / 96, `${groups} threadgroups ÷ (12 a core × 8 cores)`),
      },
    ],
    problems: [],
  }
}
