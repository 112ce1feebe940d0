import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFileSchema } from '#contract/launch.ts'
import { must, testLibrary, whyNoAnalysis } from '../bridge/device-fixture.ts'
import { Workspace } from '../catalog/workspace.ts'
import { beginFixture, type RunFixture } from '../verify/run-fixture.ts'
import { countKernel } from './count-kernel.ts'
import { countsIn, parseCountTables } from './kernel-counts.ts'

const whyNot = whyNoAnalysis(testLibrary(), 'cpu')
const repository = join(import.meta.dirname, '..', '..')
const folder = join(repository, 'kernels')

/** Every kernel that is driven by a launch file of its own, with the tables of its header. */
const kernels = readdirSync(folder)
  .filter((name) => name.endsWith('.launch.json'))
  .map((name) => {
    const library = name.replace('.launch.json', '')
    const { entries } = launchFileSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))
    const tables = must(parseCountTables(readFileSync(join(folder, `${library}.metal`), 'utf8')))
    return { library, entries: Object.keys(entries), tables }
  })

describe('the figures in the headers of kernels', () => {
  it.each(kernels)('are there for every entry of $library', ({ entries, tables }) => {
    const counted = tables.flatMap(({ rows }) => rows.map(({ subject }) => subject))
    expect(entries.filter((entry) => !counted.includes(entry))).toEqual([])
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
})
