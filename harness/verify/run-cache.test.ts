import { afterEach, beforeEach, expect, it } from 'vitest'
import { fail, ok } from '#contract/error.ts'
import { shapeSchema } from '#contract/shape.ts'
import { must } from '../bridge/device-fixture.ts'
import { resolveTarget } from '../catalog/resolve-target.ts'
import type { RunnableOp } from './kernel-ops.ts'
import { RunCache } from './run-cache.ts'
import { beginFixture, type RunFixture } from './run-fixture.ts'
import { RunSession } from './session.ts'
import { prepareTrial } from './trial.ts'

let fixture: RunFixture
let cache: RunCache
beforeEach(() => {
  fixture = beginFixture('null')
  cache = new RunCache(fixture.context.device)
})
afterEach(() => {
  cache.end()
  fixture.end()
})

const shape = (patch: object = {}) => shapeSchema.parse({ m: 2, n: 8, k: 8, ...patch })
const random = { data: 'random', seed: 1 } as const
const kernel = (text?: string) =>
  must(resolveTarget(fixture.context.workspace, { kind: 'variant', id: 'sgemm/naive', ...(text ? { text } : {}) }))

it('fills the operands of a shape once, whatever runs on it, and forgets them with the next shape', async () => {
  const context = { ...fixture.context, cache }
  const first = must(await prepareTrial(context, shape(), random))
  expect(must(await prepareTrial(context, shape(), random))).toBe(first)
  expect(must(await prepareTrial(context, shape(), { ...random, seed: 2 }))).not.toBe(first)
  expect(must(await prepareTrial(context, shape({ dtype: 'f32' }), random)).shape.dtype).toBe('f32')
  expect(must(await prepareTrial(context, shape(), random))).toBe(first)
  must(await prepareTrial(context, shape({ bias: true }), random))
  expect(must(await prepareTrial(context, shape(), random))).not.toBe(first)
  expect(must(await prepareTrial(fixture.context, shape(), random))).not.toBe(first)
})

it('keeps the ops of a kernel while its text is the same', () => {
  const ops = cache.opsOf(kernel(), undefined)
  expect(cache.opsOf(kernel(), undefined)).toBe(ops)
  expect(cache.opsOf(kernel(), 'loop')).not.toBe(ops)
  expect(cache.opsOf(kernel(`${kernel().source}\n`), undefined)).not.toBe(ops)
})

it('leaves ops to the cache when a run ends, and frees those that are the run’s own', async () => {
  const query = { target: 'm1/plain', shape: shape({ m: 1, tB: true }) }
  const shared = must(RunSession.begin({ ...fixture.context, cache }, fixture.hooks, query))
  const op = must(await shared.ops.open(shared.shape)).op
  shared.end()
  const again = must(RunSession.begin({ ...fixture.context, cache }, fixture.hooks, query))
  expect(must(await again.ops.open(again.shape)).op).toBe(op)
  const own = must(RunSession.begin(fixture.context, fixture.hooks, query))
  expect(must(await own.ops.open(own.shape)).op).not.toBe(op)
  own.end()
})

it('has one baseline for a shape, frees it with the next, and asks again after a failure', async () => {
  const freed: string[] = []
  const baseline = (name: string) =>
    ok({ name, op: { destroy: () => freed.push(name) }, plan: {} } as unknown as RunnableOp)
  const missing = fail<RunnableOp>({ kind: 'missing-tool', message: 'none' })
  expect(await cache.baselineOf(shape(), async () => missing)).toBe(missing)
  const first = must(await cache.baselineOf(shape(), async () => baseline('first')))
  expect(must(await cache.baselineOf(shape(), async () => baseline('second')))).toBe(first)
  expect(freed).toEqual([])
  must(await cache.baselineOf(shape({ n: 9 }), async () => baseline('third')))
  expect(freed).toEqual(['first'])
  cache.end()
  expect(freed).toEqual(['first', 'third'])
})
