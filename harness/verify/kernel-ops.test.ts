import { afterEach, beforeEach, expect, it } from 'vitest'
import { fail, ok, type Result } from '#contract/error.ts'
import { shapeSchema } from '#contract/shape.ts'
import { must } from '../bridge/device-fixture.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import { resolveTarget } from '../catalog/resolve-target.ts'
import { KernelOps } from './kernel-ops.ts'
import { beginFixture, type RunFixture } from './run-fixture.ts'

let fixture: RunFixture
beforeEach(() => {
  fixture = beginFixture('null')
})
afterEach(() => fixture.end())

const shape = shapeSchema.parse({ m: 4, n: 4, k: 4, dtype: 'f32' })

/** A device whose ops settle as told, one after the other, and that keeps a list of what is asked of it. */
function deviceThat(settles: Result<void>[], refusal?: Result<never>) {
  const calls: string[] = []
  const op = () => ({
    info: { tier: 'fiber', flagsUsed: '-O2' },
    settle: async () => {
      calls.push('settle')
      return settles.shift() ?? ok(undefined)
    },
    destroy: () => calls.push('destroy'),
  })
  const createOp = async () => {
    calls.push('create')
    return refusal ?? ok(op())
  }
  const module = { report: { ok: true, diagnostics: [] }, compiler: 'clang', createOp, destroy: () => {} }
  const device = {
    createModule: async () => ok(module),
    inTier: async (tier: string, work: () => unknown) => {
      calls.push(`in ${tier}`)
      return work()
    },
  }
  return { calls, device: device as unknown as DeviceHandle }
}

const kernel = () => must(resolveTarget(fixture.context.workspace, 'sgemm/naive'))

it('never hands out an op that did not settle: it is made anew', async () => {
  const { calls, device } = deviceThat([fail({ kind: 'cancelled', message: 'cancelled' })])
  const ops = new KernelOps(device, kernel())
  expect(await ops.open(shape)).toMatchObject({ ok: false, error: { kind: 'cancelled' } })
  must(await ops.open(shape))
  must(await ops.open(shape))
  expect(calls).toEqual(['create', 'settle', 'destroy', 'create', 'settle'])
})

it('asks once for what a tier refuses', async () => {
  const { calls, device } = deviceThat([], fail({ kind: 'unsupported', message: 'the kernel uses simd_sum' }))
  const ops = new KernelOps(device, kernel(), { tier: 'leader' })
  for (let i = 0; i < 2; i++) expect(await ops.open(shape)).toMatchObject({ error: { kind: 'unsupported' } })
  expect(calls).toEqual(['in leader', 'create'])
})
