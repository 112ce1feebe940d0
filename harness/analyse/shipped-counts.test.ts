import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFileSchema } from '#contract/launch.ts'
import { shapeSchema } from '#contract/shape.ts'
import { must, testLibrary, whyNoAnalysis } from '../bridge/device-fixture.ts'
import { evaluateForLaunch, planLaunch } from '../catalog/plan-launch.ts'
import { resolveTarget } from '../catalog/resolve-target.ts'
import { Workspace } from '../catalog/workspace.ts'
import { beginFixture, type RunFixture } from '../verify/run-fixture.ts'
import { countKernel } from './count-kernel.ts'
import { countsIn, parseCountTables } from './kernel-counts.ts'
import { parseEntryTables } from './kernel-entries.ts'

const whyNot = whyNoAnalysis(testLibrary(), 'cpu')
const repository = join(import.meta.dirname, '..', '..')
const folder = join(repository, 'kernels')

/** Every kernel that is driven by a launch file of its own, with the tables of its header. */
const kernels = readdirSync(folder)
  .filter((name) => name.endsWith('.launch.json'))
  .map((name) => {
    const library = name.replace('.launch.json', '')
    const { entries } = launchFileSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))
    const text = readFileSync(join(folder, `${library}.metal`), 'utf8')
    const tables = must(parseCountTables(text))
    return { library, entries: Object.keys(entries), tables, rows: must(parseEntryTables(text)) }
  })

describe('the figures in the headers of kernels', () => {
  it.each(kernels)('are there for every entry of $library', ({ entries, tables }) => {
    const counted = tables.flatMap(({ rows }) => rows.map(({ subject }) => subject))
    expect(entries.filter((entry) => !counted.includes(entry))).toEqual([])
  })

  it.each(kernels)('say threads and threadgroup bytes of every entry of $library once', ({ entries, rows }) => {
    expect(rows.map(({ entry }) => entry).sort()).toEqual([...entries].sort())
  })
})

describe.skipIf(whyNot)('the figures in the headers of kernels', () => {
  let fixture: RunFixture
  beforeAll(() => {
    fixture = beginFixture('cpu')
    fixture.context.workspace = must(Workspace.open(repository))
  })
  afterAll(() => fixture.end())

  it.each(kernels)('are what is counted: $library', { timeout: 120_000 }, async ({ library, tables }) => {
    const file = `kernels/${library}.metal`
    for (const { shape, columns, rows } of tables) {
      for (const { subject, counts } of rows) {
        const total = must(await countKernel(fixture.context, { file, subject, shape }, fixture.hooks))
        expect([subject, countsIn(columns, total)], 'scripts/count-kernels.ts writes them').toEqual([subject, counts])
      }
    }
  })

  it.each(kernels)('are what a launch has: $library', { timeout: 120_000 }, async ({ library, rows }) => {
    const { device, workspace } = fixture.context
    const path = join(folder, `${library}.metal`)
    const module = must(await device.createModule({ source: readFileSync(path, 'utf8'), path, check: false }))
    const said: unknown[] = []
    const had: unknown[] = []
    for (const row of rows) {
      const kernel = must(resolveTarget(workspace, `kernels/${library}.metal:${row.entry}`))
      // No multiple of any tile: a build for edges has all that a kernel ever has.
      const tB = kernel.launch.supports.transposeB ?? false
      const shape = shapeSchema.parse({ m: 3, n: 3, k: 37, tB, dtype: kernel.dtype })
      const plan = must(planLaunch(kernel, shape))
      const op = must(await module.createOp({ entry: plan.entry, constants: plan.constants, analyse: true }))
      const given = plan.threadgroupMemory.reduce((sum, { bytes }) => sum + bytes, 0)
      const value = (formula: string) => evaluateForLaunch(kernel, { shape, formula })
      said.push([row.entry, value(row.threads), value(row.threadgroupBytes)])
      const threads = plan.threads.reduce((product, count) => product * count, 1)
      had.push([row.entry, threads, given + op.info.staticThreadgroupBytes])
      op.destroy()
    }
    module.destroy()
    expect(said).toEqual(had)
  })
})
