import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { planLaunch } from './plan-launch.ts'
import { resolveTarget } from './resolve-target.ts'
import { expectValue, makeFolder, openFixture, shapeOf, supportsAll } from './workspace-fixture.ts'

const launch = {
  args: [{ index: 0, role: 'A' }],
  threadgroups: ['ceilDiv(n, W)', 1, 1],
  threads: ['W', 1, 1],
  params: { W: 8 },
  dtype: 'f32',
  supports: { transposeB: true },
}
const launchFile = JSON.stringify({
  launches: { plain: launch, bias: { ...launch, args: [{ index: 3, role: 'bias' }] } },
  entries: { f: { launch: 'plain', params: { W: 16 } }, f_bias: { launch: 'bias' }, lost: { launch: 'none' } },
})
const manifest = {
  any: [
    { name: 'v', library: 'lib', supports: supportsAll({ functionNameBias: 'f_bias', functionNameAccumulate: 'f' }) },
    { name: 'wide', library: 'lib.metal', params: { W: 64 }, supports: supportsAll() },
    { name: 'none', library: 'nolib', supports: supportsAll() },
    {
      name: 'deaf',
      library: 'lib',
      supports: supportsAll(),
      launch: { ...launch, supports: { alpha: false } },
    },
    { name: 'lost', library: 'lib', supports: supportsAll({ functionName: 'lost' }) },
  ],
  m1_x: [{ name: 'nt_bn32', library: 'old', supports: supportsAll({ functionName: 'g', batch: false }) }],
  mps: [{ name: 'baseline', supports: supportsAll({ functionName: '' }) }],
}
const open = () =>
  openFixture({
    'k/lib.metal': 'kernel void f() {} kernel void spare() {}',
    'k/lib.launch.json': launchFile,
    'k/free.metal': 'kernel void u() {}',
    'k/macro.metal': '#define MAKE(t) kernel void m_##t() {}\nMAKE(half)',
    'k/old.metal': 'kernel void g() {}',
    'variants_enhanced.json': JSON.stringify(manifest),
  })
const shape = shapeOf({ m: 1, n: 128, k: 8, dtype: 'f32' })
const messageOf = (target: Parameters<typeof resolveTarget>[1]) => {
  const result = resolveTarget(open(), target)
  return result.ok ? 'resolved' : `${result.error.kind}: ${result.error.message}`
}

describe('resolveTarget', () => {
  it('finds a variant, its library and the launch of each entry', () => {
    const kernel = expectValue(resolveTarget(open(), 'any/v'))
    expect(kernel).toMatchObject({
      id: 'any/v',
      source: 'kernel void f() {} kernel void spare() {}',
      dtype: 'f32',
      usesDeviceBaseline: false,
      params: { W: 16 },
    })
    expect(expectValue(planLaunch(kernel, shape))).toMatchObject({
      entry: 'f',
      grid: [8, 1, 1],
      args: [{ index: 0, role: 'A' }],
    })
    expect(expectValue(planLaunch(kernel, { ...shape, bias: true }))).toMatchObject({
      entry: 'f_bias',
      grid: [16, 1, 1],
      args: [{ index: 3, role: 'bias' }],
    })
    expect(kernel.entryFor({ ...shape, beta: 1 })).toBe('f')
  })

  it('takes the element type of the entry before that of its launch', () => {
    const entries = { f: { launch: 'plain' }, spare: { launch: 'plain', dtype: 'f16' } }
    const text = JSON.stringify({ launches: { plain: launch }, entries })
    const workspace = openFixture({
      'k/lib.metal': 'kernel void f() {} kernel void spare() {}',
      'k/lib.launch.json': text,
    })
    const dtypeOf = (entry: string) => expectValue(resolveTarget(workspace, `k/lib.metal:${entry}`)).dtype
    expect([dtypeOf('f'), dtypeOf('spare')]).toEqual(['f32', 'f16'])
  })

  it('keeps a variant from an alpha that its launch says is ignored', () => {
    const kernel = expectValue(resolveTarget(open(), 'any/deaf'))
    expect(planLaunch(kernel, shape).ok).toBe(true)
    expect(planLaunch(kernel, { ...shape, alpha: 2 })).toMatchObject({ ok: false, error: { kind: 'unsupported' } })
  })

  it('lets the variant override params of the launch file', () => {
    expect(expectValue(planLaunch(expectValue(resolveTarget(open(), 'any/wide')), shape)).grid).toEqual([2, 1, 1])
  })

  it('hashes unsaved text', () => {
    const workspace = open()
    const saved = expectValue(resolveTarget(workspace, 'any/v'))
    const unsaved = expectValue(resolveTarget(workspace, { kind: 'variant', id: 'any/v', text: 'kernel void f() { }' }))
    expect([unsaved.source, unsaved.sourceHash === saved.sourceHash, unsaved.entryHash === saved.entryHash]).toEqual([
      'kernel void f() { }',
      false,
      true,
    ])
  })

  it('takes a variant without a library as the device baseline', () => {
    const kernel = expectValue(resolveTarget(open(), 'mps/baseline'))
    expect([kernel.usesDeviceBaseline, kernel.path, kernel.sourceHash]).toEqual([true, '', ''])
    const plan = expectValue(planLaunch(kernel, { ...shape, bias: true }))
    expect(plan.args).toEqual([
      { index: 0, role: 'A' },
      { index: 1, role: 'B' },
      { index: 2, role: 'C' },
      { index: 3, role: 'bias' },
    ])
  })

  it('drives a bare entry by its launch file, within what that supports', () => {
    const workspace = open()
    for (const target of [
      'k/lib.metal:f',
      `${join(workspace.root, 'k/lib.metal')}:f`,
      'lib.metal:f',
      { kind: 'entry' as const, documentId: workspace.idOf('k/lib.metal'), entry: 'f' },
    ]) {
      const kernel = expectValue(resolveTarget(workspace, target))
      expect([kernel.id, kernel.variant]).toEqual(['k/lib.metal:f', undefined])
      expect(planLaunch(kernel, { ...shape, tB: true }).ok).toBe(true)
      expect(planLaunch(kernel, { ...shape, tA: true })).toMatchObject({
        ok: false,
        error: {
          kind: 'unsupported',
          message: expect.stringContaining('transposeA not supported by the launch declaration'),
        },
      })
      expect(planLaunch(kernel, { ...shape, alpha: 2 })).toMatchObject({ ok: false, error: { kind: 'unsupported' } })
    }
  })

  it('drives a bare entry without one as the variant that names it', () => {
    const kernel = expectValue(resolveTarget(open(), 'k/old.metal:g'))
    const half = { ...shape, dtype: 'f16' as const }
    expect(expectValue(planLaunch(kernel, half))).toMatchObject({ entry: 'g', grid: [4, 1, 1] })
    expect(planLaunch(kernel, { ...half, batch: 2 }).ok).toBe(false)
  })

  it.each([
    ['any/nope', 'not-found: no variant any/nope in'],
    ['any/none', 'not-found: any/none: the workspace has no nolib.metal'],
    ['any/lost', 'entry "lost" uses launch "none", but there are only: plain, bias'],
    [
      'k/free.metal:u',
      'unsupported: nothing says how to drive free.metal:u: declare it in free.launch.json (it does not exist)',
    ],
    ['k/lib.metal:spare', '(it declares: f, f_bias, lost)'],
    ['k/old.metal:h', 'not-found: old.metal has no kernel "h"; its kernels are: g'],
    ['k/macro.metal:h', 'unsupported: nothing says how to drive macro.metal:h'],
    ['other/nope', 'there are: any/v, any/wide, any/none, any/deaf, any/lost, m1_x/nt_bn32, mps/baseline'],
    ['k/gone.metal:f', 'not-found: '],
    ['nothing', 'not-found: '],
  ])('%s fails saying why', (target, message) => {
    expect(messageOf(target)).toContain(message)
  })

  it('takes a file outside the workspace only from a command line', () => {
    const outside = makeFolder({ 'o.metal': 'kernel void f() {}', 'o.launch.json': launchFile })
    const target = `${join(outside, 'o.metal')}:f`
    const workspace = open()
    expect(resolveTarget(workspace, target)).toMatchObject({ ok: false, error: { kind: 'not-found' } })
    expect(resolveTarget(workspace, '../../../etc/passwd.metal:f').ok).toBe(false)
    expect(expectValue(resolveTarget(workspace, target, { mayBeOutside: true })).id).toBe(target)
  })
})
