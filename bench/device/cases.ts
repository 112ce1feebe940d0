import type { Extent } from '#harness/bridge/run.ts'

/** One kernel on one shape, and how it is launched. Arguments are always 0 A, 1 B, 2 C, 3 M, 4 N, 5 K, then `more`. */
export interface Case {
  name: string
  /** Of a kernel file, relative to the repository. */
  file: string
  entry: string
  family: 'sgemm' | 'gemv'
  m: number
  n: number
  k: number
  /** Of A, B and C. */
  dtype: 'f32' | 'f16'
  /** Threadgroups. */
  grid: Extent
  threads: Extent
  constants: { index: number; value: boolean }[]
  /** Values after K. */
  more: number[]
  /** The kernel of opencl/kernels.cl that does the same; its sizes are in work items. */
  opencl: { kernel: string; global: [number, number]; local: [number, number] } | null
  /** It keeps a tile for every thread or simdgroup: the goal beside OpenBLAS is for these. */
  isTiled: boolean
}

const sgemmSizes = [512, 128]
const alphaBeta = [1, 0]

function square(size: number, rest: Partial<Case> & Pick<Case, 'name' | 'file' | 'grid' | 'threads'>): Case {
  return {
    entry: rest.name,
    family: 'sgemm',
    m: size,
    n: size,
    k: size,
    dtype: 'f32',
    constants: [],
    more: [],
    opencl: null,
    isTiled: false,
    ...rest,
  }
}

function simpleKernels(size: number): Case[] {
  const blocks = size / 32
  return ['naive', 'coalescing', 'shared_mem_block'].map((kernel) =>
    square(size, {
      name: `sgemm_${kernel}`,
      file: `kernels/sgemm_${kernel}.metal`,
      grid: [blocks, blocks, 1],
      threads: [32, 32, 1],
      more: alphaBeta,
      opencl: { kernel, global: [size, size], local: [32, 32] },
    }),
  )
}

function blockTiles(size: number): Case[] {
  const tiles = [
    { name: 'block_1d', block: 64, threads: 512 },
    { name: 'block_2d_4x4', block: 32, threads: 64 },
    { name: 'block_2d_8x8', block: 64, threads: 64 },
  ]
  return tiles.map(({ name, block, threads }) =>
    square(size, {
      name: `sgemm_${name}`,
      file: 'kernels/sgemm_block_tile.metal',
      grid: [size / block, size / block, 1],
      threads: [threads, 1, 1],
      more: alphaBeta,
      opencl: { kernel: name, global: [(size / block) * threads, size / block], local: [threads, 1] },
      isTiled: true,
    }),
  )
}

function simdTiles(size: number): Case[] {
  const opencl = (kernel: string, blocks: number) => ({
    kernel,
    global: [(size / 8 / blocks) * 32, size / 8 / blocks] as [number, number],
    local: [32, 1] as [number, number],
  })
  const shipped = [1, 2, 4, 8].map((blocks) =>
    square(size, {
      name: `sgemm_tiled_simd${blocks}`,
      file: 'kernels/sgemm_tiled_simd.metal',
      grid: [size / 8 / blocks, size / 8 / blocks, 1],
      threads: [32, 1, 1],
      constants: [{ index: 0, value: true }],
      more: alphaBeta,
      opencl: opencl(`simd_tile${blocks}`, blocks),
      isTiled: true,
    }),
  )
  const plain = [2, 4].map((blocks) =>
    square(size, {
      name: `plain_simdgroup${blocks}`,
      file: 'bench/device/kernels/plain_simdgroup.metal',
      grid: [size / 8 / blocks, size / 8 / blocks, 1],
      threads: [32, 1, 1],
      opencl: opencl(`plain_tile${blocks}`, blocks),
      isTiled: true,
    }),
  )
  return [...shipped, ...plain]
}

function gemvs(n: number, k: number): Case[] {
  const common = { family: 'gemv' as const, m: 1, n, k, constants: [], more: [], isTiled: false }
  return [
    {
      ...common,
      name: 'm1_dot_product',
      file: 'kernels/m1_dot_product.metal',
      entry: 'm1_dot_product',
      dtype: 'f16',
      grid: [Math.ceil(n / 64), 1, 1],
      threads: [128, 1, 1],
      opencl: null,
    },
    {
      ...common,
      name: 'gemv_f32',
      file: 'bench/device/kernels/gemv.metal',
      entry: 'gemv_f32',
      dtype: 'f32',
      grid: [Math.ceil(n / 4), 1, 1],
      threads: [128, 1, 1],
      opencl: { kernel: 'gemv', global: [32, Math.ceil(n / 4) * 4], local: [32, 4] },
    },
  ]
}

/** Everything that is measured. */
export const cases: Case[] = [
  ...sgemmSizes.flatMap((size) => [...simpleKernels(size), ...blockTiles(size), ...simdTiles(size)]),
  ...gemvs(9728, 896),
  ...gemvs(896, 896),
]

/** `sgemm_naive 512³` */
export function nameOf({ name, family, m, n, k }: Case): string {
  return family === 'sgemm' ? `${name} ${m}³` : `${name} n=${n} k=${k}`
}
