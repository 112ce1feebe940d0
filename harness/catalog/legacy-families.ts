import type { z } from 'zod'
import { type Launch, launchSchema } from '#contract/launch.ts'
import { dispatchTokens } from './name-tokens.ts'

/**
 * Kernel families whose signatures predate launch declarations. Each is one declaration in the form that any other
 * kernel uses; a family that is not here needs no edit of the lab, only a `<library>.launch.json` or `launch`.
 */
export interface LegacyFamily {
  name: string
  backend: RegExp
  launch: Launch
  /** Values of the launch's free names that a variant carries in its own way. */
  paramsOf(variant: { name: string; [key: string]: unknown }): Record<string, number>
  /** True when the bindings move under bias, so that the plain function cannot serve a bias shape. */
  needsBiasFunction: boolean
  /** Formula of the threadgroup memory that the family's kernels declare themselves, when it is known. */
  staticThreadgroupBytes?: string
}

const launchOf = (input: z.input<typeof launchSchema>): Launch => launchSchema.parse(input)

/** Grid of the families dispatched by name tokens. One group (`single_tg`) means one per batch entry. */
const tokenGrid = {
  threadgroups: ['single ? 1 : ceilDiv(n, bn)', 'single ? 1 : ceilDiv(m, rows)', 'batch'] as [string, string, string],
  threads: ['tg', 1, 1] as [string, number, number],
  params: { bn: 128, tg: 128, rows: 1, single: 0 },
}

const m1: LegacyFamily = {
  name: 'm1',
  backend: /^m1/,
  needsBiasFunction: true,
  paramsOf: (variant) => dispatchTokens(variant.name),
  launch: launchOf({
    ...tokenGrid,
    args: [
      { index: 0, role: 'A' },
      { index: 1, role: 'B' },
      { index: 2, role: 'C' },
      { index: 3, role: 'bias', when: 'bias' },
      ...[3, 4].flatMap((first) => {
        const when = first === 3 ? '!bias' : 'bias'
        return ['m', 'n', 'k'].map((value, at) => ({ index: first + at, type: 'u32' as const, value, when }))
      }),
    ],
  }),
}

/** The shape of the grid is not recorded for this family: its tokens are read as those of the m1 families are. */
const gemv: LegacyFamily = {
  name: 'gemv',
  backend: /^gemv(_|$)/,
  needsBiasFunction: false,
  paramsOf: (variant) => dispatchTokens(variant.name),
  launch: launchOf({
    ...tokenGrid,
    args: [
      { index: 0, role: 'B' },
      { index: 1, role: 'A' },
      { index: 2, role: 'C' },
      {
        index: 3,
        fields: [
          { name: 'K', type: 'u32', value: 'k' },
          { name: 'N', type: 'u32', value: 'n' },
        ],
      },
    ],
    requires: { m: { max: 1 } },
  }),
}

const int = (name: string, value: string | number) => ({ name, type: 'i32' as const, value })
const size = (name: string, value: string) => ({ name, type: 'u64' as const, value })
const float = (name: string, value: string) => ({ name, type: 'f32' as const, value })

/** Bindings after the operands, from the first free index on: params 72 B, addmm 24 B, batch shape, batch strides. */
function mlxTail(first: number, when: string) {
  const whenSource = `${when} && source`
  return [
    {
      index: first,
      when,
      fields: [
        ...[int('M', 'm'), int('N', 'n'), int('K', 'k'), int('lda', 'lda'), int('ldb', 'ldb'), int('ldd', 'ldc')],
        ...[int('tiles_n', 'tilesN'), int('tiles_m', 'tilesM')],
        ...[size('batch_stride_a', 'strideA'), size('batch_stride_b', 'strideB'), size('batch_stride_d', 'strideC')],
        ...[int('swizzle_log', 'swizzle'), int('k_iterations_aligned', 'floor(k / BK)'), int('batch_ndim', 1)],
      ],
    },
    {
      index: first + 1,
      when: whenSource,
      fields: [
        int('ldc', 'ldc'),
        int('fdc', 1),
        size('batch_stride_c', 'strideC'),
        float('alpha', 'alpha'),
        float('beta', 'beta'),
      ],
    },
    { index: first + 2, when, fields: [int('batch', 'batch')] },
    { index: first + 3, when, fields: [size('a', 'strideA'), size('b', 'strideB'), size('c', 'strideC')] },
  ]
}

/** Tile of a shape: wide for one row, tall for few columns, else square. An override replaces all five. */
const tileOf = ({ row, wide, tall, square }: { row: number; wide: number; tall: number; square: number }) =>
  `m == 1 ? ${row} : m <= 16 && n >= 64 ? ${wide} : n <= 16 && m >= 64 ? ${tall} : ${square}`

const tileKeys = { tileBM: 'BM', tileBN: 'BN', tileBK: 'BK', warpM: 'WM', warpN: 'WN' } as const

const mlx: LegacyFamily = {
  name: 'mlx',
  backend: /^mlx(_|$)/,
  needsBiasFunction: true,
  staticThreadgroupBytes: '2 * (tA ? BK * (BM + 8) : BM * (BK + 8)) + 2 * (tB ? BN * (BK + 8) : BK * (BN + 8))',
  paramsOf: (variant) => {
    const tile = Object.entries(tileKeys).map(([key, name]) => [name, variant[key]] as const)
    return tile.every(([, value]) => typeof value === 'number')
      ? (Object.fromEntries(tile) as Record<string, number>)
      : {}
  },
  launch: launchOf({
    derived: {
      BM: tileOf({ row: 8, wide: 16, tall: 64, square: 32 }),
      BN: tileOf({ row: 128, wide: 64, tall: 16, square: 32 }),
      BK: tileOf({ row: 32, wide: 16, tall: 16, square: 16 }),
      WM: tileOf({ row: 1, wide: 1, tall: 4, square: 2 }),
      WN: tileOf({ row: 4, wide: 4, tall: 1, square: 2 }),
      tilesN: 'ceilDiv(n, BN)',
      tilesM: 'ceilDiv(m, BM)',
      swizzle: 'tilesN >= 8 && tilesM >= 8 ? 1 : 0',
      // The plain epilogue ignores alpha, so a scaled product goes through the source path with its beta.
      source: 'accumulate || beta != 0 || alpha != 1',
    },
    args: [
      { index: 0, role: 'A' },
      { index: 1, role: 'B' },
      { index: 2, role: 'C', when: 'source' },
      { index: 3, role: 'D' },
      { index: 4, role: 'bias', when: 'bias' },
      ...mlxTail(4, '!bias'),
      ...mlxTail(5, 'bias'),
    ],
    threadgroups: ['tilesN * (swizzle ? 2 : 1)', 'ceilDiv(tilesM, swizzle ? 2 : 1)', 'batch'],
    threads: [32, 'WN', 'WM'],
    constants: {
      10: 'batch > 1',
      100: 'source',
      110: 'source && (alpha != 1 || beta != 1)',
      120: 'bias',
      200: 'm % BM == 0',
      201: 'n % BN == 0',
      202: 'k % BK == 0',
      300: 0,
    },
  }),
}

const families = [m1, mlx, gemv]

/** The family that drives a backend's kernels, or null when the backend must declare its launches. */
export function legacyFamilyOf(backend: string): LegacyFamily | null {
  return families.find((family) => family.backend.test(backend)) ?? null
}

/** Bindings of a device's baseline op, as klab.h fixes them; grid and threads are ignored by it. */
export const baselineLaunch: Launch = launchOf({
  args: [
    { index: 0, role: 'A' },
    { index: 1, role: 'B' },
    { index: 2, role: 'C' },
    { index: 3, role: 'bias', when: 'bias' },
  ],
  threadgroups: [1, 1, 1],
  threads: [1, 1, 1],
})
