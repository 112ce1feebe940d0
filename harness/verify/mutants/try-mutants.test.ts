import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { shapeSchema } from '#contract/shape.ts'
import { must, testLibrary, whyNoDevice } from '../../bridge/device-fixture.ts'
import { beginFixture, type RunFixture } from '../run-fixture.ts'
import { watchKernel } from '../sanitize.ts'
import { RunSession } from '../session.ts'
import { shapesToWatch } from '../watch.ts'
import { tryMutants } from './try-mutants.ts'

const whyNoCpu = whyNoDevice(testLibrary(), 'cpu')
const flag = 'smallMN'
const shapes = [
  { m: 3, n: 5, k: 7 },
  { m: 33, n: 2, k: 64 },
].map((extents) => shapeSchema.parse({ ...extents, dtype: 'f32' }))

let fixture: RunFixture
afterEach(() => fixture.end())

/** The kill list of sgemm_naive with something of it replaced. */
async function killListOf(changes: [string, string][]) {
  fixture = beginFixture('cpu')
  const path = join(fixture.root, 'kernels', 'sgemm_naive.metal')
  let text = readFileSync(path, 'utf8')
  for (const [from, to] of changes) {
    expect(text).toContain(from)
    text = text.replace(from, to)
  }
  writeFileSync(path, text)
  const { context, hooks } = fixture
  const target = { kind: 'variant', id: 'sgemm/naive' } as const
  const session = must(RunSession.begin(context, hooks, { target, shape: shapes[0]! }))
  try {
    const flags = [{ flag, shapes }] as const
    const watched = must(await watchKernel(context, { session, shapes: shapesToWatch(session.kernel, flags) }, hooks))
    expect(watched.findings).toEqual([])
    const query = { kernel: session.kernel, flags, watched: watched.shapes, most: 40 }
    return must(await tryMutants(context, query, hooks)).get(flag) ?? []
  } finally {
    session.end()
  }
}

describe.skipIf(whyNoCpu)('mutants of a right kernel', () => {
  it.each([
    ['beside the workspace', (path: string) => `../../${path.split('/').at(-2)}/sum.h`],
    ['named by its whole path', (path: string) => path],
  ])('are put into a macro of a header %s', { timeout: 120_000 }, async (_, spelled) => {
    const folder = mkdtempSync(join(tmpdir(), 'klab-outside-'))
    const path = join(folder, 'sum.h')
    writeFileSync(
      path,
      '#define SUM \\\n  for (uint k = 0; k < K; k++) sum += float(A[ulong(row) * K + k]) * float(B[ulong(k) * N + column]);\n',
    )
    try {
      const mutants = await killListOf([
        ['template <typename T>', `#include "${spelled(path)}"\ntemplate <typename T>`],
        [/ {2}for [^\n]*/.exec(readFileSync('kernels/sgemm_naive.metal', 'utf8'))?.[0] ?? '?', '  SUM'],
      ])
      const own = mutants.filter(({ file }) => file?.endsWith('sum.h'))
      expect(own.map(({ operator, outcome }) => `${operator} ${outcome}`)).toContain('drop-last-term rejected')
      expect(own.map(({ operator, outcome }) => `${operator} ${outcome}`)).toContain('drop-first-term rejected')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('are rejected, or are no faults or in lines that do not run, and say so: none is held against it', {
    timeout: 120_000,
  }, async () => {
    const mutants = await killListOf([
      // Nothing is shared: the barrier is redundant. No allowed shape has so many columns: the branch is never taken.
      ['  const uint row', '  threadgroup_barrier(mem_flags::mem_device);\n  const uint row'],
      ['  float sum = 0;', '  float sum = 0;\n  if (N > 1000000)\n    sum += float(A[K]) * float(K);'],
      ['  float sum = 0;', '  float sum = 0;\n  if (false)\n    sum += float(A[K]) * float(M);'],
    ])
    const outcomeOf = (operator: string) => mutants.filter((one) => one.operator === operator && one.file === undefined)
    expect(mutants.filter(({ outcome }) => outcome === 'survived')).toEqual([])
    expect(outcomeOf('remove-barrier')).toMatchObject([
      { outcome: 'equivalent', reason: expect.stringMatching(/^the same bits and nothing seen on 2 shapes/) },
    ])
    const untaken = mutants.filter(({ change }) => change.includes('float(K)'))
    expect(untaken.length).toBeGreaterThan(0)
    for (const { outcome, reason } of untaken)
      expect([outcome, reason]).toEqual([
        'untested',
        expect.stringMatching(/^none of the 2 watched shapes is seen to run/),
      ])
    const folded = mutants.filter(({ change }) => change.includes('float(M)'))
    expect(folded.length).toBeGreaterThan(0)
    for (const { outcome, reason } of folded)
      expect([outcome, reason]).toEqual(['equivalent', expect.stringMatching(/^the same code in \d+ builds/)])
    for (const operator of ['drop-last-term', 'drop-first-term'])
      expect(outcomeOf(operator)).toMatchObject([{ outcome: 'rejected', gate: expect.any(String) }])
    const half = outcomeOf('accumulate-in-half').find(({ outcome }) => outcome === 'rejected')
    expect(half?.gate).toBe('bound')
    const edges = outcomeOf('off-by-one')
    expect(edges.some(({ gate, reason }) => gate === 'sanitizer' && /out-of-bounds/.test(reason ?? ''))).toBe(true)
  })
})
