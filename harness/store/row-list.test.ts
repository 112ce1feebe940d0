import { appendFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { rowQuerySchema } from '#contract/row-query.ts'
import { shapeSchema } from '#contract/shape.ts'
import { makeFolder } from '../catalog/workspace-fixture.ts'
import { rowOf } from '../sweep/sweep-fixture.ts'
import { RowList } from './row-list.ts'
import { RowStore } from './row-store.ts'

const times = { encodeNs: 1, commitNs: 1, waitNs: 1, lowNs: 1, highNs: 1, samples: [5, 6], iterations: 1 }
const row = (at: number, ns?: number) =>
  rowOf(
    { variant: `back/v${at % 3}`, shape: shapeSchema.parse({ m: 1, n: at + 1, k: 64 }) },
    {
      id: `row-${at}`,
      startedAt: new Date(1e12 + at * 1000).toISOString(),
      ...(ns === undefined ? { status: 'wrong' } : { verdict: 'FAST', kernel: { ...times, cpuNs: ns } }),
    },
  )
const pageOf = async (list: { page: RowList['page'] }, query: object) => {
  const { rows, ...counts } = await list.page(rowQuerySchema.parse(query))
  return { ids: rows.map(({ id }) => id), ...counts }
}

function storeOf(count: number) {
  const folder = makeFolder()
  const path = join(folder, 'rows.jsonl')
  const lines = Array.from({ length: count }, (_, at) => JSON.stringify(row(at, at % 2 === 0 ? 100 - at : undefined)))
  appendFileSync(path, `${lines.join('\n')}\n`)
  return { store: new RowStore(folder), path }
}

it('leafs through rows, the newest first', async () => {
  const { store } = storeOf(50)
  expect(await pageOf(store, { offset: 10, limit: 3 })).toEqual({
    ids: ['row-39', 'row-38', 'row-37'],
    ...{ offset: 10, matching: 50, kept: 50 },
  })
  expect((await pageOf(store, { offset: 49, limit: 9 })).ids).toEqual(['row-0'])
  expect((await pageOf(store, { offset: 900 })).ids).toEqual([])
  const { rows } = await store.page(rowQuerySchema.parse({ offset: 1, limit: 1 }))
  expect(rows[0]).toMatchObject({ id: 'row-48', isCached: true, kernel: { cpuNs: 52, samples: [] } })
})

it('sorts, and puts rows without the figure last either way', async () => {
  const { store } = storeOf(6)
  expect((await pageOf(store, { sort: 'kernel' })).ids).toEqual(['row-4', 'row-2', 'row-0', 'row-5', 'row-3', 'row-1'])
  expect((await pageOf(store, { sort: 'kernel', isDescending: true })).ids.slice(0, 4)).toEqual([
    ...['row-0', 'row-2', 'row-4', 'row-5'],
  ])
  expect((await pageOf(store, { sort: 'variant', limit: 2 })).ids).toEqual(['row-3', 'row-0'])
  expect((await pageOf(store, { isDescending: true, limit: 1 })).ids).toEqual(['row-0'])
})

it('finds rows by words and by outcome', async () => {
  const { store } = storeOf(12)
  expect(await pageOf(store, { search: 'V1 1×5×64' })).toMatchObject({ ids: ['row-4'], matching: 1, kept: 12 })
  expect((await pageOf(store, { outcome: 'wrong' })).matching).toBe(6)
  expect((await pageOf(store, { outcome: 'FAST', search: 'v0' })).ids).toEqual(['row-6', 'row-0'])
  expect((await pageOf(store, { search: 'nothing' })).ids).toEqual([])
})

it('reads on where it stopped, past damage, and begins anew when the file was cut', async () => {
  const { path } = storeOf(3)
  const list = new RowList(path)
  expect((await pageOf(list, {})).kept).toBe(3)
  const line = JSON.stringify(row(7, 1))
  appendFileSync(path, `damaged\n${line.slice(0, 50)}`)
  expect((await pageOf(list, {})).kept).toBe(3)
  appendFileSync(path, `${line.slice(50)}\n`)
  expect((await pageOf(list, {})).ids).toEqual(['row-7', 'row-2', 'row-1', 'row-0'])
  const store = new RowStore(join(path, '..'), statSync(path).size)
  store.append(row(8, 1))
  expect((await pageOf(list, {})).ids[0]).toBe('row-8')
  expect((await pageOf(list, {})).kept).toBeLessThan(5)
})

it('reads a line that is longer than a chunk', async () => {
  const { path } = storeOf(1)
  const long = { ...row(9, 1), reason: 'x'.repeat(9 * 2 ** 20) }
  appendFileSync(path, `${JSON.stringify(long)}\n${JSON.stringify(row(10, 1))}\n`)
  expect((await pageOf(new RowList(path), {})).ids).toEqual(['row-10', 'row-9', 'row-0'])
})
