import { describe, expect, it } from 'vitest'
import { formatShape, type Shape } from '#contract/shape.ts'
import { CatalogReader } from './catalog.ts'
import { noDevice } from './current-device.ts'
import { matchesVariant } from './glob.ts'
import { manifestOf } from './resolve-target.ts'
import { planSweep } from './sweep-plan.ts'
import { expectValue, openFixture, shapeOf, supportsAll } from './workspace-fixture.ts'
import { shapesOfWorkspace } from './workspace-shapes.ts'

const capabilities = ['transposeA', 'transposeB', 'smallK', 'smallMN', 'batch', 'bias', 'accumulate'] as const

/** What an existing user has on disk: several backends, later name gates, misspelt keys, disabled and broken entries. */
function foreignManifest() {
  const manifest: Record<string, Record<string, unknown>[]> = {
    mlx: [],
    mps: [],
    gemv: [],
    gemm_tiled: [],
    m1_optimized_v4: [],
    'someone-else': [],
  }
  for (let bits = 0; bits < 128; bits += 5) {
    const flags = Object.fromEntries(capabilities.map((name, at) => [name, (bits >> at) % 2 === 1]))
    manifest.mlx?.push({
      name: `v${bits}`,
      library: 'mlx',
      enabled: bits % 3 !== 0,
      supports: supportsAll({ ...flags, largeK: true }),
    })
    manifest['someone-else']?.push({
      name: `w${bits}`,
      library: 'other',
      supports: supportsAll({ ...flags, smallMN: true, supportedNValues: bits % 2 ? [896, 1152] : undefined }),
    })
  }
  manifest.mps?.push({ name: 'baseline', baseline: true, supports: supportsAll({ functionName: '' }) })
  manifest.gemv?.push({
    name: 'nt',
    library: 'gemv',
    supports: supportsAll({ expectedTransposeB: true, batch: false, smallN: true }),
  })
  manifest.gemm_tiled?.push({ name: 'baseline', library: 'gemm_tiled', supports: supportsAll({ smallMN: false }) })
  for (const name of gatedNames)
    manifest.m1_optimized_v4?.push({ name, library: 'm1', supports: supportsAll({ functionName: name }) })
  manifest.m1_optimized_v4?.push({ name: 'broken', library: 'm1', supports: supportsAll({ bias: 'maybe' }) })
  return manifest
}

const gatedNames = [
  'nt_ultra_tiny_single_tg32',
  'nt_fused_bias',
  'nt_bn8_largek_smalln_tg128',
  'nt_smalln',
  'nt_bn256_tgread',
  'nt_worksteal_chunk4',
  'nt_triplebuf',
  'nt_rows2_bn64',
  'nt_bn64_dbg',
  'nt_bn64_col',
]

const shapes: Shape[] = [
  shapeOf({ m: 1, n: 9728, k: 896, tB: true }),
  shapeOf({ m: 1, n: 896, k: 4864, tB: true }),
  shapeOf({ m: 1, n: 1152, k: 896, bias: true }),
  shapeOf({ m: 1, n: 151936, k: 896, tB: true }),
  shapeOf({ m: 1, n: 64, k: 16, batch: 14 }),
  shapeOf({ m: 1, n: 16, k: 2048, batch: 2, beta: 1 }),
  shapeOf({ m: 128, n: 896, k: 896, tA: true }),
  shapeOf({ m: 17, n: 17, k: 64, accumulate: true, tA: true, tB: true }),
]

const profile = shapes
  .map(
    (s) =>
      `op=matmul | batch=${s.batch} | m=${s.m} | n=${s.n} | k=${s.k} | tA=${+s.tA} | tB=${+s.tB} | bias=${+s.bias} | beta=${s.beta} | accumulate=${+s.accumulate}:\n    backend=mps: count=1 | total=1ms\n`,
  )
  .join('')

/** The rules said the other way round: which of the shapes' indices each word of an entry leaves over. */
function indicesTaken(backend: string, variant: Record<string, unknown>): number[] {
  const supports = variant.supports as Record<string, unknown>
  const needed: Record<(typeof capabilities)[number], number[]> = {
    transposeA: [6, 7],
    transposeB: [0, 1, 3, 7],
    smallK: [4],
    smallMN: [0, 1, 2, 3, 4, 5],
    batch: [4, 5],
    bias: [2],
    accumulate: [5, 7],
  }
  const left = new Set(shapes.keys())
  const remove = (indices: number[]) => {
    for (const index of indices) left.delete(index)
  }
  for (const name of capabilities) if (supports[name] !== true) remove(needed[name])
  if (supports.expectedTransposeB) remove([2, 4, 5, 6])
  if (supports.supportedNValues) remove([0, 3, 4, 5, 7])
  const onlyFor: Record<string, number[]> = {
    nt_ultra_tiny_single_tg32: [2, 4, 5],
    nt_fused_bias: [2],
    nt_bn8_largek_smalln_tg128: [1, 5],
    nt_smalln: [5],
    nt_bn256_tgread: [0, 3],
    nt_worksteal_chunk4: [3],
    nt_triplebuf: [0, 3],
    nt_rows2_bn64: [6, 7],
    nt_bn64_dbg: [1],
  }
  const only = backend === 'm1_optimized_v4' ? onlyFor[variant.name as string] : undefined
  return [...left].filter((index) => !only || only.includes(index))
}

function openForeign() {
  const manifest = foreignManifest()
  const workspace = openFixture({
    'bench/run.log': profile,
    'metal/src/mlx.metal': 'kernel void f() {}',
    'metal/src/m1.metal': 'kernel void nt_bn64_col() {}',
    'metal/gemv.metal': 'kernel void f() {}',
    'metal/other.metal': 'kernel void f() {}',
    'metal/variants_enhanced.json': JSON.stringify(manifest, null, '\t'),
  })
  return { workspace, manifest }
}

describe('a folder of an existing user', () => {
  it('opens as it is', () => {
    const { workspace, manifest } = openForeign()
    const catalog = new CatalogReader(workspace).read(noDevice)
    expect(catalog.isStale).toBe(false)
    expect(catalog.shapes.map(({ shape }) => shape)).toEqual(shapes)
    expect(catalog.variants).toHaveLength(Object.values(manifest).flat().length - 1)
    expect(catalog.variants.filter(({ isBaseline }) => isBaseline).map(({ id }) => id)).toEqual([
      'mlx/v5',
      'mps/baseline',
      'gemv/nt',
      'gemm_tiled/baseline',
      'm1_optimized_v4/nt_ultra_tiny_single_tg32',
      'someone-else/w0',
    ])
    const unrunnable = catalog.variants.filter(({ isRunnable }) => !isRunnable)
    expect(new Set(unrunnable.map(({ backend }) => backend))).toEqual(new Set(['gemm_tiled', 'someone-else']))
    expect(unrunnable.every(({ unrunnableReason }) => unrunnableReason)).toBe(true)
  })

  it.each(['*', 'mlx/*', 'm1_optimized*', 'nt_*', '*/baseline', '{gemv,mps}/*', 'gemv/nt,mlx/v5', 'none'])(
    'plans a sweep over %s: every pair is run or a gap',
    (glob) => {
      const { workspace, manifest } = openForeign()
      const plan = expectValue(
        planSweep(workspace, {
          reading: expectValue(manifestOf(workspace)),
          shapes: shapesOfWorkspace(workspace).shapes,
          glob,
        }),
      )
      const expected: string[] = []
      let pairs = 0
      for (const [backend, list] of Object.entries(manifest)) {
        for (const variant of list) {
          const id = `${backend}/${variant.name}`
          if (variant.enabled === false || !matchesVariant(glob, { id, backend, name: variant.name as string }))
            continue
          pairs += shapes.length
          if (variant.name !== 'broken')
            expected.push(
              ...indicesTaken(backend, variant).map((index) => `${id} ${formatShape(shapes[index] as Shape)}`),
            )
        }
      }
      expect(plan.rows.map(({ variant, shape }) => `${variant} ${formatShape(shape)}`).sort()).toEqual(expected.sort())
      expect(plan.counts).toEqual({ run: expected.length, gap: pairs - expected.length })
      expect(plan.gaps.every(({ reason }) => reason !== '')).toBe(true)
    },
  )

  it('has the numbers that were counted by hand', () => {
    const { workspace } = openForeign()
    const countsOf = (glob: string) =>
      expectValue(
        planSweep(workspace, {
          reading: expectValue(manifestOf(workspace)),
          shapes: shapesOfWorkspace(workspace).shapes,
          glob,
        }),
      ).counts
    expect(countsOf('mps/*')).toEqual({ run: 8, gap: 0 })
    expect(countsOf('gemv/*')).toEqual({ run: 4, gap: 4 })
    expect(countsOf('gemm_tiled/*')).toEqual({ run: 2, gap: 6 })
    expect(countsOf('m1_optimized_v4/*')).toEqual({ run: 23, gap: 65 })
  })

  it('says of a run that cannot be driven what will come of it, and of a broken entry what is wrong', () => {
    const { workspace } = openForeign()
    const plan = expectValue(
      planSweep(workspace, {
        reading: expectValue(manifestOf(workspace)),
        shapes: shapesOfWorkspace(workspace).shapes,
      }),
    )
    const problemOf = (id: string) => plan.rows.find(({ variant }) => variant === id)?.problem
    expect(problemOf('gemm_tiled/baseline')).toBe('gemm_tiled/baseline: the workspace has no gemm_tiled.metal')
    expect(problemOf('someone-else/w125')).toContain('nothing says how to drive f')
    expect(problemOf('m1_optimized_v4/nt_bn64_col')).toBeUndefined()
    expect(plan.gaps.find(({ variant }) => variant === 'm1_optimized_v4/broken')?.reason).toContain('supports.bias')
  })
})
