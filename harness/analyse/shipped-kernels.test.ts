import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analysisChecks } from '#contract/analysis.ts'
import { type Launch, launchFileSchema } from '#contract/launch.ts'
import { type Shape, shapeSchema } from '#contract/shape.ts'
import { must, testLibrary, whyNoAnalysis } from '../bridge/device-fixture.ts'
import { manifestOf, resolveTarget, resolveVariant } from '../catalog/resolve-target.ts'
import { Workspace } from '../catalog/workspace.ts'
import { beginFixture, type RunFixture } from '../verify/run-fixture.ts'
import { runAnalysis } from './run-analysis.ts'

const whyNot = whyNoAnalysis(testLibrary(), 'cpu')
const repository = join(import.meta.dirname, '..', '..')
const folder = join(repository, 'kernels')
const workspace = must(Workspace.open(repository))

interface Able {
  transposeB?: boolean
  batch?: boolean
  bias?: boolean
  accumulate?: boolean
}
interface Subject {
  target: string
  entry: string
  dtype: string
  able: Able
  /** The most columns that its launch takes. */
  maxN: number
}

const maxNOf = ({ requires }: Launch) => requires.n?.max ?? Number.POSITIVE_INFINITY

/** Every entry of every launch file. */
const entries: Subject[] = readdirSync(folder)
  .filter((name) => name.endsWith('.launch.json'))
  .flatMap((name) => {
    const file = launchFileSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))
    return Object.entries(file.entries).map(([entry, { launch, dtype }]) => {
      const declared = file.launches[launch]!
      const target = `kernels/${name.replace('.launch.json', '.metal')}:${entry}`
      return { target, entry, dtype: dtype ?? declared.dtype, able: declared.supports, maxN: maxNOf(declared) }
    })
  })

/** Every kernel's file, whether or not anything declares how to drive it. */
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.metal'))
  .map((name) => ({ path: `kernels/${name}`, text: readFileSync(join(folder, name), 'utf8') }))

/** Every variant of the manifest that drives its entry otherwise than the launch file beside it does, with what it claims. */
const variants: Subject[] = must(manifestOf(workspace)).variants.flatMap((variant) => {
  if (variant.library === undefined) return []
  const kernel = must(resolveVariant(workspace, variant))
  const { functionName } = variant.supports
  const target = `kernels/${variant.library}.metal:${functionName}`
  const entry = entries.find((candidate) => candidate.target === target)
  const own = entry && must(resolveTarget(workspace, target))
  if (own && isDeepStrictEqual(own.params, kernel.params) && isDeepStrictEqual(own.launch, kernel.launch)) return []
  const { dtype, launch } = kernel
  return [{ target: variant.id, entry: functionName, dtype, able: variant.supports, maxN: maxNOf(launch) }]
})

/** One that fits the tiles, and ragged ones: within 8×8 matrices, within tiles and beyond one in k, with all that the kernel can do. */
function shapesOf({ entry, able, dtype, maxN }: Subject): Shape[] {
  const all = {
    tB: able.transposeB ?? false,
    batch: able.batch ? 2 : 1,
    bias: able.bias ?? false,
    beta: able.accumulate ? 0.5 : 0,
  }
  const isRow = !/gemm/.test(entry)
  const extents = isRow
    ? [
        { m: 1, n: 128, k: 128 },
        { m: 3, n: 51, k: 67 },
      ]
    : [
        { m: 64, n: 64, k: 16 },
        { m: 37, n: 43, k: 29 },
      ]
  const [fitting, ragged] = extents as [(typeof extents)[0], (typeof extents)[0]]
  return [
    { ...fitting, tB: all.tB && isRow },
    { ...ragged, ...all },
    { ...ragged, m: 1, n: 1, k: 1, tB: all.tB && isRow },
    ...(isRow ? [{ ...ragged, ...all, m: 1, batch: 1, n: 19, k: 2051 }] : []),
  ].map((shape) => shapeSchema.parse({ ...shape, n: Math.min(shape.n, maxN), dtype }))
}

describe.skipIf(whyNot)('what the lab ships is clean under watch', () => {
  let fixture: RunFixture
  beforeAll(() => {
    fixture = beginFixture('cpu')
    fixture.context.workspace = workspace
  })
  afterAll(() => fixture.end())

  it.each(sources)('finds every kernel of $path', ({ path, text }) => {
    const spelt = [...text.matchAll(/^template \[\[host_name\("(\w+)"\)\]\]|^kernel void (\w+)\(/gm)]
    const names = spelt.map(([, host, plain]) => `${path}:${host ?? plain}`)
    const found = entries.filter(({ target }) => target.startsWith(`${path}:`))
    expect(found.map(({ target }) => target).sort()).toEqual(names.sort())
    expect(found.length).toBeGreaterThan(0)
  })

  it.each([...entries, ...variants])('$target', { timeout: 60_000 }, async (subject) => {
    for (const shape of shapesOf(subject)) {
      const request = { target: subject.target, shape, data: 'random', seed: 1, schedules: 2 } as const
      const report = must(
        await runAnalysis(fixture.context, { ...request, checks: [...analysisChecks] }, fixture.hooks),
      )
      expect([shape, report.findings, report.omitted, report.orderDependence]).toEqual([shape, [], 0, []])
      expect(report.counters.total.executions).toBeGreaterThan(0)
    }
  })
})
