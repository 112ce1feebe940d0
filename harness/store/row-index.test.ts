import { appendFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { shapeSchema } from '#contract/shape.ts'
import { makeFolder } from '../catalog/workspace-fixture.ts'
import { rowOf } from '../sweep/sweep-fixture.ts'
import { RowIndex } from './row-index.ts'
import { RowStore } from './row-store.ts'

const times = { encodeNs: 1, commitNs: 1, waitNs: 1, lowNs: 1, highNs: 1, cpuNs: 5 }
const row = (id: string) =>
  rowOf(
    { variant: 'a/b', shape: shapeSchema.parse({ m: 1, n: 1, k: 1 }) },
    {
      id,
      kernel: { ...times, samples: [5, 6], iterations: 10 },
      baseline: { ...times, name: 'blas', samples: [7], iterations: 2 },
    },
  )

it('keeps rows without their samples, and reads on where it stopped', () => {
  const folder = makeFolder()
  const store = new RowStore(folder)
  const index = new RowIndex(join(folder, 'rows.jsonl'))
  const ids = () => index.read().map(({ row }) => row.id)
  expect(ids()).toEqual([])
  store.append(row('one'))
  expect(index.read()).toMatchObject([{ row: { kernel: { cpuNs: 5, samples: [] }, isCached: true }, sampledNs: 124 }])
  const whole = `${JSON.stringify(row('two'))}\n`
  appendFileSync(join(folder, 'rows.jsonl'), `damaged\n${whole.slice(0, 40)}`)
  expect(ids()).toEqual(['one'])
  appendFileSync(join(folder, 'rows.jsonl'), whole.slice(40))
  expect(ids()).toEqual(['one', 'two'])
})

it('begins anew when the file was cut', () => {
  const folder = makeFolder()
  const path = join(folder, 'rows.jsonl')
  new RowStore(folder).append(row('one'))
  const store = new RowStore(folder, 3 * statSync(path).size)
  for (const id of ['two', 'thr', 'fou']) {
    expect(store.outlines().length).toBeGreaterThan(0)
    store.append(row(id))
  }
  expect(store.outlines().map(({ row }) => row.id)).toEqual(
    store
      .list(9)
      .map(({ id }) => id)
      .reverse(),
  )
  expect(store.outlines().at(-1)?.row.id).toBe('fou')
})
