import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analysisChecks } from '#contract/analysis.ts'
import { launchFileSchema } from '#contract/launch.ts'
import { type Shape, shapeSchema } from '#contract/shape.ts'
import { must, testLibrary, whyNoAnalysis } from '../bridge/device-fixture.ts'
import { manifestOf } from '../catalog/resolve-target.ts'
import { Workspace } from '../catalog/workspace.ts'
import { beginFixture, type RunFixture } from '../verify/run-fixture.ts'
import { runAnalysis } from './run-analysis.ts'

const whyNot = whyNoAnalysis(testLibrary(), 'cpu')
const repository = join(import.meta.dirname, '..', '..')
const folder = join(repository, 'kernels')

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
}

/** Every entry of every launch file. */
const entries: Subject[] = readdirSync(folder)
  .filter((name) => name.endsWith('.launch.json'))
  .flatMap((name) => {
    const file = launchFileSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))
    return Object.entries(file.entries).map(([entry, { launch, dtype }]) => {
      const declared = file.launches[launch]!
      const target = `kernels/${name.replace('.launch.json', '.metal')}:${entry}`
      return { target, entry, dtype: dtype ?? declared.dtype, able: declared.supports }
    })
  })

/** Every variant of the manifest that has a source, with what it claims. */
const variants: Subject[] = must(manifestOf(must(Workspace.open(repository))))
  .variants.filter(({ library }) => library !== undefined)
  .map(({ id, supports }) => ({
    target: id,
    entry: supports.functionName,
    dtype: entries.find(({ entry }) => entry === supports.functionName)?.dtype ?? '',
    able: supports,
  }))

/** One that fits the tiles, and ragged ones: within 8×8 matrices, within tiles, with all that the kernel can do. */
function shapesOf({ entry, able, dtype }: Subject): Shape[] {
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
  const [fitting, ragged] = extents
  return [
    { ...fitting, tB: all.tB && isRow },
    { ...ragged, ...all },
    { ...ragged, m: 1, n: 1, k: 1 },
  ].map((shape) => shapeSchema.parse({ ...shape, dtype }))
}

describe.skipIf(whyNot)('what the lab ships is clean under watch', () => {
  let fixture: RunFixture
  beforeAll(() => {
    fixture = beginFixture('cpu')
    fixture.context.workspace = must(Workspace.open(repository))
  })
  afterAll(() => fixture.end())

  it('finds the kernels', () => {
    expect(entries.length).toBeGreaterThanOrEqual(9)
    expect(variants.length).toBeGreaterThanOrEqual(entries.length)
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
