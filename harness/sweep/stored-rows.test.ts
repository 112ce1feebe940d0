import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Row } from '#contract/row.ts'
import { shapeSchema } from '#contract/shape.ts'
import { sweepOptionsSchema } from '#contract/sweep.ts'
import { beginRow } from '../bench/row.ts'
import type { PlannedRun } from '../catalog/sweep-plan.ts'
import { beginFixture, type RunFixture } from '../verify/run-fixture.ts'
import { benchRequestOf, StoredRows } from './stored-rows.ts'

let fixture: RunFixture
beforeEach(() => {
  fixture = beginFixture('null')
})
afterEach(() => fixture.end())

const before = '2026-01-01T00:00:00.000Z'
const begin = '2026-01-02T00:00:00.000Z'
const after = '2026-01-02T00:00:01.000Z'
const options = sweepOptionsSchema.parse({ device: 'null', isResumed: true })
const run: PlannedRun = {
  ...{
    variant: 'm1/plain',
    shape: shapeSchema.parse({ m: 1, n: 8, k: 8, tB: true }),
    claim: 'none',
    entry: 'f',
    build: 'f',
  },
  ...{ sourceHash: 'source', entryHash: 'entry' },
}

/** The row that a bench of the pair would have kept, then changed. */
function rowOf(patch: Partial<Row> = {}, identity: Partial<Row['identity']> = {}): Row {
  const row = beginRow(fixture.context, benchRequestOf(options, run))
  Object.assign(row, { status: 'ok', startedAt: before, ...patch })
  Object.assign(row.identity, { sourceHash: 'source', entryHash: 'entry', compiler: 'null', ...identity })
  return row
}

function find(rows: Row[], patch: Partial<typeof options> = {}) {
  const stored = new StoredRows(fixture.context, { ...options, ...patch }, [undefined, run])
  return stored.find(
    rows.map((row) => ({ row, sampledNs: 3 })),
    begin,
  )
}

describe('StoredRows', () => {
  it('finds the newest row of a pair', () => {
    const [old, newer] = [rowOf(), rowOf()]
    expect(find([old, newer])).toEqual(new Map([[1, { row: newer, sampledNs: 3, isCached: true }]]))
    expect(find([])).toEqual(new Map())
  })

  it('finds the second measurement of a pair apart from its first, and forgets it with a newer first', () => {
    const [first, second, newer] = [rowOf(), rowOf({ isAgain: true }), rowOf()]
    const found = { row: first, sampledNs: 3, isCached: true, again: { row: second, sampledNs: 3, isCached: true } }
    expect(find([first, second])).toEqual(new Map([[1, found]]))
    expect(find([first, second, newer])).toEqual(new Map([[1, { row: newer, sampledNs: 3, isCached: true }]]))
    expect(find([second])).toEqual(new Map())
  })

  it.each<[string, Partial<Row>, Partial<Row['identity']>]>([
    ['another kernel', {}, { sourceHash: 'edited' }],
    ['another manifest entry', {}, { entryHash: 'edited' }],
    ['another driver', {}, { driver: 'null 9' }],
    ['another version of the lab', {}, { labVersion: '9' }],
    ['another baseline', {}, { baseline: 'OpenBLAS 0.3.30 Haswell threads=2' }],
    ['a baseline that is named otherwise', { baseline: { name: 'OpenBLAS 0.0.1' } }, {}],
    ['another protocol of measuring', {}, { protocol: 'edited' }],
    ['a lab that noted neither', {}, { protocol: undefined, baseline: undefined }],
    ['another state of the clock', {}, { power: 'on battery' }],
    ['another seed', {}, { seed: 2 }],
    ['other data', {}, { data: 'pm1' }],
    ['another mode', {}, { mode: 'batched' }],
    ['another cache state', {}, { cache: 'cold' }],
    ['a tier that was asked for', { tierAsked: 'loop' }, {}],
    ['another shape', { shape: { ...run.shape, n: 9 } }, {}],
    ['another device', { device: 'cpu' }, {}],
    ['another variant', { variant: 'm1/fused' }, {}],
  ])('does not take a row of %s', (_, patch, identity) => {
    expect(find([rowOf(patch, identity)]).size).toBe(0)
  })

  it('takes a row of another commit: its kernel is the same', () => {
    expect(find([rowOf({}, { gitCommit: 'abc+' })]).size).toBe(1)
  })

  it.each<[Partial<Row>, boolean]>([
    [{ status: 'wrong' }, true],
    [{ status: 'timeout' }, true],
    [{ status: 'unsupported' }, true],
    [{ status: 'failed', errorKind: 'compile' }, true],
    [{ status: 'device-lost', location: { file: 'f.metal', line: 3 } }, true],
    [{ status: 'failed', errorKind: 'missing-tool' }, false],
    [{ status: 'device-lost' }, false],
    [{ status: 'invalid' }, false],
    [{ status: 'cancelled' }, false],
  ])('of an earlier sweep takes %o: %s', (patch, isTaken) => {
    expect(find([rowOf(patch)]).size).toBe(+isTaken)
  })

  it('takes nothing old when it is not resumed, and of its own rows all but cancelled ones', () => {
    const fresh = { isResumed: false }
    expect(find([rowOf()], fresh).size).toBe(0)
    expect(find([rowOf({ startedAt: after, status: 'device-lost' })], fresh).get(1)).toMatchObject({ isCached: false })
    expect(find([rowOf({ startedAt: after, status: 'cancelled' })], fresh).size).toBe(0)
    expect(find([rowOf({ startedAt: after }, { power: 'on battery' })], fresh).size).toBe(1)
    expect(find([rowOf({ startedAt: after }, { sourceHash: 'edited' })], fresh).size).toBe(0)
  })
})
