import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { shapeSchema } from '#contract/shape.ts'
import { must, testLibrary, whyNoDevice } from '../bridge/device-fixture.ts'
import { beginFixture, type RunFixture } from './run-fixture.ts'
import { watchKernel } from './sanitize.ts'
import { RunSession } from './session.ts'
import { shapesToWatch } from './watch.ts'
import { watchUnreached } from './watch-unreached.ts'

const whyNoCpu = whyNoDevice(testLibrary(), 'cpu')
const flag = 'smallMN'
const shapes = [
  { m: 3, n: 5, k: 7 },
  { m: 1, n: 9001, k: 2 },
].map((extents) => shapeSchema.parse({ ...extents, dtype: 'f32' }))

let fixture: RunFixture
afterEach(() => fixture.end())

/** What watching sgemm_naive comes to with something before its first statement. */
async function watchedWith(text: string) {
  fixture = beginFixture('cpu')
  const path = join(fixture.root, 'kernels', 'sgemm_naive.metal')
  const source = readFileSync(path, 'utf8').replace('  const uint row', `${text}\n  const uint row`)
  writeFileSync(path, source)
  const { context, hooks } = fixture
  const target = { kind: 'variant', id: 'sgemm/naive' } as const
  const session = must(RunSession.begin(context, hooks, { target, shape: shapes[0]! }))
  try {
    const asked = [{ flag, shapes }] as const
    const small = must(await watchKernel(context, { session, shapes: shapesToWatch(session.kernel, asked) }, hooks))
    expect(small.shapes.map(({ shape }) => shape)).toEqual([shapes[0]])
    const all = must(await watchUnreached(context, { session, asked, watched: small }, hooks))
    const places = (all.unwatched?.get(flag) ?? []).filter((place) => place.startsWith(path))
    const open = places.map((place) => Number(place.split(':').at(-1)))
    const lines = source.split('\n')
    return { ...all, open: open.map((line) => lines[line - 1]?.trim()) }
  } finally {
    session.end()
  }
}

describe.skipIf(whyNoCpu)('watching larger shapes', () => {
  const racing = (limit: number) => `  threadgroup float shared[1];
  if (N > ${limit}) {
    shared[M >> 31] = position.x;
    C[0] = shared[K >> 31];
  }`

  it('finds what no small shape runs', async () => {
    const { findings } = await watchedWith(racing(6000))
    expect(findings[0]).toMatchObject({ shape: expect.stringContaining('n=9001'), finding: { kind: 'race' } })
  })

  it('names what none runs', async () => {
    const { findings, shapes: watched, open } = await watchedWith(racing(600_000))
    expect(findings).toEqual([])
    expect(watched).toHaveLength(2)
    expect(open).toEqual(expect.arrayContaining(['shared[M >> 31] = position.x;', 'C[0] = shared[K >> 31];']))
  })

  it('names no line of a kernel that runs them all', async () => {
    expect((await watchedWith('')).open).toEqual([])
  })
})
