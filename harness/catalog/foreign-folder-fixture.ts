import { RandomStream } from '../verify/random-stream.ts'

/** Test support: an entry of a manifest as people write it. */
export interface ForeignEntry {
  backend: string
  name: string
  json: Record<string, unknown>
}

/** Test support: a shape as a profiler prints it. */
export interface ForeignShape {
  op: string
  m: number
  n: number
  k: number
  batch?: number
  tA?: 1
  tB?: 1
  beta?: number
  accumulate?: 1
}

const flags = ['transposeA', 'transposeB', 'smallK', 'smallMN', 'batch', 'bias', 'accumulate']

/** How many variants each backend has: 137 in all. */
const sizes: Record<string, number> = {
  ...{ mlx: 24, mps: 2, gemv: 9, gemm_tiled: 14, m1_optimized: 12 },
  ...{ m1_optimized_v2: 10, m1_optimized_v3: 13, m1_optimized_v4: 16, m1_optimized_v5: 14, m1_optimized_v6: 11 },
  m1_optimized_v7: 12,
}

const gateWords = [
  ...['ultra_tiny_single_tg32', 'fused_bias_bn64', 'bn8_largek_smalln_tg128', 'smalln_tg64', 'bn256_tgread_bk64'],
  ...['worksteal_chunk4_bn128', 'worksteal_chunk2', 'triplebuf_bn128_tg256', 'rows2_bn64', 'rows4_bn32_tg128'],
  ...[
    'bn64_dbg',
    'bn256_tg128',
    'tgread_bn64',
    'rows2_smalln',
    'dbg_largek_smalln',
    'fused_bias_ultra_tiny',
    'colpack',
  ],
]

/** Test support: the entries, the same on every machine. Of every word of the format each backend has some. */
export function foreignEntries(): ForeignEntry[] {
  const random = new RandomStream(137)
  const oneOf = <T>(list: readonly T[]): T => list[random.nextBelow(list.length)]!
  const chance = (percent: number) => random.nextBelow(100) < percent
  return Object.entries(sizes).flatMap(([backend, count]) =>
    Array.from({ length: count }, (_, at): ForeignEntry => {
      const isPlain = !backend.startsWith('m1') && chance(70)
      const name = `v${at}_nt${isPlain ? '' : `_${oneOf(gateWords)}`}`
      const supports: Record<string, unknown> = { functionName: `${backend}_${at}` }
      for (const flag of flags) supports[flag] = chance(flag === 'smallMN' ? 85 : 70)
      if (chance(15)) supports.expectedTransposeB = chance(60)
      if (chance(8)) supports.expectedTransposeA = chance(30)
      if (chance(12)) supports.supportedNValues = chance(50) ? [896, 4864] : [1152, 16, 64]
      if (chance(10)) supports.largeK = true
      if (chance(40)) supports.functionNameBias = `${backend}_${at}_bias`
      const json: Record<string, unknown> = { name, supports }
      if (backend !== 'mps') json.library = chance(80) ? backend : 'lost_on_the_way'
      if (chance(9)) json.enabled = false
      if (at === 1) json.baseline = true
      if (chance(10)) json.transposeBOverride = chance(50)
      if (backend === 'mlx' && chance(30))
        Object.assign(json, { tileBM: 64, tileBN: 32, tileBK: 8, warpM: 4, warpN: 1 })
      if (chance(10)) json.kernel_name_override = 'somebody_wrote_this'
      if (chance(8)) json.requires = oneOf([{ n: { min: 896, max: 9728 } }, { m: { max: 1 }, k: { multipleOf: 128 } }])
      return { backend, name, json }
    }),
  )
}

/** Test support: 20 shapes, of a language model and of its edges. */
export const foreignShapes: ForeignShape[] = [
  { op: 'matmul', m: 1, n: 9728, k: 896, tB: 1 },
  { op: 'matmul', m: 1, n: 896, k: 4864, tB: 1 },
  { op: 'matmul', m: 1, n: 896, k: 896, tB: 1 },
  { op: 'matmul_bias_add', m: 1, n: 1152, k: 896 },
  { op: 'matmul', m: 1, n: 151936, k: 896, tB: 1 },
  { op: 'matmul', m: 1, n: 64, k: 95, batch: 14 },
  { op: 'matmul', m: 1, n: 64, k: 16, batch: 14 },
  { op: 'matmul', m: 1, n: 51, k: 64, batch: 14, tB: 1 },
  { op: 'matmul', m: 128, n: 896, k: 896, tA: 1 },
  { op: 'matmul', m: 17, n: 17, k: 64, accumulate: 1 },
  { op: 'matmul', m: 16, n: 896, k: 2048, beta: 0.5 },
  { op: 'matmul', m: 1, n: 16, k: 2048, tB: 1 },
  { op: 'matmul', m: 1, n: 15, k: 2047 },
  { op: 'matmul', m: 1, n: 32768, k: 2048, tB: 1 },
  { op: 'matmul', m: 1, n: 4096, k: 63, tB: 1 },
  { op: 'matmul_bias_add', m: 1, n: 2048, k: 2048, tB: 1 },
  { op: 'matmul_bias_add', m: 3, n: 1152, k: 896, batch: 2 },
  { op: 'matmul', m: 512, n: 512, k: 512, tA: 1, tB: 1 },
  { op: 'matmul', m: 4, n: 4864, k: 896, tB: 1 },
  { op: 'matmul', m: 1, n: 32, k: 2048, tB: 1, accumulate: 1 },
]

/** Test support: the profiler's output, which ends in the middle of one more entry. */
export function foreignProfile(): string {
  const entries = foreignShapes.map(({ op, m, n, k, batch = 1, tA = 0, tB = 0, beta = 0, accumulate = 0 }) => {
    const head = `op=${op} | batch=${batch} | m=${m} | n=${n} | k=${k} | tA=${tA} | tB=${tB}`
    return `${head} | beta=${beta} | accumulate=${accumulate}:\n    backend=mps: count=24 | total=6.00ms | avg=0.250ms | min=0.138ms | max=2.205ms | p95_ms=0.183, p99_ms=1.740\n`
  })
  return `${entries.join('')}op=matmul | batch=1 | m=7 | n=`
}

/** Test support: the folder's files. */
export function foreignFiles(entries: readonly ForeignEntry[]): Record<string, string> {
  const manifest: Record<string, unknown[]> = {}
  for (const { backend, json } of entries) {
    manifest[backend] ??= []
    manifest[backend].push(json)
  }
  const libraries = Object.keys(manifest).filter((backend) => backend !== 'mps')
  return {
    'bench/run.log': foreignProfile(),
    'metal/variants_enhanced.json': JSON.stringify(manifest, null, 4),
    ...Object.fromEntries(libraries.map((name) => [`metal/src/${name}.metal`, 'kernel void f() {}\n'])),
  }
}
