import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Problem } from '#contract/manifest.ts'
import { lintWorkspace } from './lint.ts'
import { openFixture, supportsAll } from './workspace-fixture.ts'

const source = `
[[host_name("f")]] [[kernel]] void f_impl() {}
kernel void f_bias(device half* a [[buffer(0)]]) {}
// kernel void only_in_a_comment() {}
`
const shapes = 'op,batch,m,n,k,tA,tB\nmatmul,1,1,896,896,0,1\nmatmul,1,64,64,64,0,0\n'
const declared = {
  args: [
    { index: 0, role: 'A' },
    { index: 1, role: 'bias', when: 'bias' },
  ],
  threadgroups: [1, 1, 1],
  threads: [32, 1, 1],
}

function lint(manifest: Record<string, Record<string, unknown>[]>, files: Record<string, string> = {}): Problem[] {
  return lintWorkspace(
    openFixture({
      'k/lib.metal': source,
      'shapes.csv': shapes,
      'variants_enhanced.json': JSON.stringify(manifest, null, 2),
      ...files,
    }),
  )
}

const clean = (rest: Record<string, unknown> = {}, supports: Record<string, unknown> = {}) => ({
  name: 'v',
  library: 'lib',
  launch: declared,
  supports: supportsAll({ functionNameBias: 'f_bias', ...supports }),
  ...rest,
})
const found = (entry: Record<string, unknown>, backend = 'mine') =>
  lint({ [backend]: [entry] }).map(({ rule, severity, path, message }) => ({ rule, severity, path, message }))

describe('lint', () => {
  it('finds nothing wrong with a sound workspace', () => {
    expect(
      lint({
        mine: [clean()],
        mps: [{ name: 'baseline', baseline: true, supports: supportsAll({ functionName: '' }) }],
      }),
    ).toEqual([])
  })

  it.each([
    ['unknown-key', 'warning', 'mine[0].supports.largeK', clean({}, { largeK: true }), '"largeK" does nothing'],
    ['unknown-key', 'warning', 'mine[0].supports.smallN', clean({}, { smallN: true }), 'did you mean smallMN?'],
    [
      'unknown-key',
      'warning',
      'mine[0].launch.tgmem',
      clean({ launch: { ...declared, tgmem: 1 } }),
      '"tgmem" does nothing',
    ],
    ['unknown-key', 'warning', 'mine[0].tilleBM', clean({ tilleBM: 8 }), 'did you mean tileBM?'],
    ['unknown-range', 'error', 'mine[0].requires.cols', clean({ requires: { cols: { min: 1 } } }), "limits 'cols'"],
    ['unknown-range', 'error', 'mine[0].requires.bathc', clean({ requires: { bathc: {} } }), 'did you mean batch?'],
    [
      'unknown-param',
      'warning',
      'mine[0].dispatch.rows',
      clean({ dispatch: { rows: 2 } }),
      "no launch of it has a name 'rows'",
    ],
    [
      'unknown-param',
      'warning',
      'mine[0].params.TILES',
      clean({ launch: { ...declared, params: { TILE: 8 }, threads: ['wide', 1, 1] }, params: { TILES: 4, wide: 32 } }),
      'did you mean TILE?',
    ],
    [
      'unknown-range',
      'error',
      'mine[0]',
      clean({ launch: { ...declared, derived: { tiles: 'ceilDiv(m, 8)' }, requires: { tiles: {}, tile: {} } } }),
      "its launch's requires limits 'tile'",
    ],
    ['partial-tile', 'warning', 'mine[0]', clean({ tileBM: 8, warpN: 1 }), 'ignored without tileBN, tileBK, warpM'],
    [
      'unsatisfiable',
      'error',
      'mine[0].supports.expectedTransposeA',
      clean({}, { transposeA: false, expectedTransposeA: true }),
      'no shape passes',
    ],
    ['unsatisfiable', 'error', 'mine[0].supports.supportedNValues', clean({}, { supportedNValues: [] }), 'empty'],
    [
      'unsatisfiable',
      'error',
      'mine[0].supports.supportedNValues',
      clean({}, { supportedNValues: [8, 16], smallMN: false }),
      'no value of supportedNValues',
    ],
    [
      'unsatisfiable',
      'error',
      'mine[0].supports',
      clean({ name: 'nt_smalln' }, { smallMN: false }),
      'm must be at least 17 (supports.smallMN false) and at most 1',
    ],
    ['unsatisfiable', 'error', 'mine[0].supports', clean({ name: 'triplebuf_rows4' }), 'm must be at least 4'],
    ['unsatisfiable', 'error', 'mine[0].supports.bias', clean({ name: 'x_fused_bias' }, { bias: false }), 'needs bias'],
    [
      'unsatisfiable',
      'error',
      'mine[0].supports',
      clean({ requires: { k: { max: 63 } } }, { smallK: false }),
      'k must be at least 64',
    ],
    ['missing-library', 'error', 'mine[0].library', clean({ library: 'nolib' }), 'no nolib.metal'],
    [
      'missing-function',
      'error',
      'mine[0].supports.functionNameBias',
      clean({}, { functionNameBias: 'only_in_a_comment' }),
      'k/lib.metal has no kernel only_in_a_comment',
    ],
    [
      'bias-without-function',
      'error',
      'mine[0].supports.bias',
      clean({ launch: { ...declared, args: [] } }),
      'hands no bias over',
    ],
    [
      'name-token',
      'warning',
      'mine[0].supports.functionName',
      clean({ name: 'v_bn64' }, { functionName: 'f_bn128' }),
      'the name says bn64, its function f_bn128 says bn128',
    ],
    [
      'launch-formula',
      'error',
      'mine[0]',
      clean({ launch: { ...declared, threads: ['NSG * 32', 1, 1] } }),
      "unknown name 'NSG'",
    ],
    [
      'threads-limit',
      'error',
      'mine[0]',
      clean({ launch: { ...declared, threads: [32, 64, 1] } }),
      '2048 threads per threadgroup',
    ],
    [
      'threadgroup-memory',
      'error',
      'mine[0]',
      clean({ launch: { ...declared, threadgroupMemory: [{ index: 0, bytes: 'n * 64' }] } }),
      '57344 bytes',
    ],
    [
      'unreached',
      'warning',
      'mine[0]',
      clean({}, { supportedNValues: [5000] }),
      'none of the 2 listed shapes reaches it (n=896 not in supportedNValues; n=64 not in supportedNValues)',
    ],
    ['no-launch', 'warning', 'mine[0]', clean({ launch: undefined }), 'give mine/v a "launch"'],
  ])('%s (%s) at %s', (...[rule, severity, path, entry, message]) => {
    expect(found(entry)).toContainEqual({ rule, severity, path, message: expect.stringContaining(message) })
    expect(lint({ mine: [entry] }).filter(({ line, column }) => !line || !column)).toEqual([])
  })

  it('knows where bindings move under bias', () => {
    const rulesOf = (backend: string, entry: Record<string, unknown>) =>
      found({ ...entry, launch: undefined }, backend).map(({ rule }) => rule)
    const withoutFunction = clean({}, { functionNameBias: undefined })
    expect(rulesOf('m1_x', withoutFunction)).toEqual(['bias-without-function'])
    expect(rulesOf('mlx', withoutFunction)).toEqual(['bias-without-function'])
    expect(rulesOf('m1_x', clean())).toEqual([])
    expect(rulesOf('m1_x', clean({}, { bias: false, functionNameBias: undefined }))).toEqual([])
  })

  it('knows the threadgroup memory of mlx tiles', () => {
    const tile = (side: number) =>
      clean({ launch: undefined, tileBM: side, tileBN: side, tileBK: side, warpM: 2, warpN: 2 })
    expect(found(tile(96), 'mlx').map(({ rule }) => rule)).toEqual(['threadgroup-memory'])
    expect(found(tile(64), 'mlx')).toEqual([])
  })

  it('names the second baseline of a backend, not that of another', () => {
    const baseline = (name: string) => clean({ name, baseline: true })
    const problems = lint({ a: [baseline('x'), baseline('y')], b: [baseline('x')] })
    expect(problems).toMatchObject([
      { rule: 'two-baselines', variant: 'a/y', path: 'a[1].baseline', severity: 'error' },
    ])
  })

  it('points at the line and column of the key', () => {
    const [problem] = lint({ mine: [clean({}, { largeK: true })] })
    const text = JSON.stringify({ mine: [clean({}, { largeK: true })] }, null, 2).split('\n')
    expect(text[(problem?.line ?? 0) - 1]?.slice((problem?.column ?? 0) - 1)).toMatch(/^"largeK"/)
    expect(problem?.documentId).toBeTruthy()
  })

  it('only suspects a name where macros make names', () => {
    const macros = `#define K(t) template [[host_name("gemm_" #t)]] [[kernel]] void gemm<t>();\nK(half)\n`
    const problems = lint(
      { mine: [clean({}, { functionName: 'gemm_half', functionNameBias: undefined })] },
      { 'k/lib.metal': macros },
    )
    expect(problems).toMatchObject([{ rule: 'missing-function', severity: 'info' }])
  })

  it('takes reflection over the text where a caller has it', () => {
    const workspace = openFixture({
      'lib.metal': source,
      'variants_enhanced.json': JSON.stringify({ mine: [clean({}, { functionName: 'reflected' })] }),
    })
    expect(lintWorkspace(workspace, { entriesOf: () => ['reflected', 'f_bias'] })).toEqual([])
    expect(lintWorkspace(workspace).map(({ rule }) => rule)).toEqual(['missing-function'])
  })

  it('checks launch files against their kernels', () => {
    const launchFile = {
      launches: { plain: { ...declared, thread: 1 } },
      entries: { f: { launch: 'plain' }, gone: { launch: 'plain' }, f_bias: { launch: 'nope' } },
    }
    const problems = lint(
      {},
      { 'k/lib.launch.json': JSON.stringify(launchFile), 'k/b.metal': '', 'k/b.launch.json': '{"launches": 1}' },
    )
    expect(problems.map(({ rule, path }) => [rule, path])).toEqual([
      ['launch.unreadable', 'k/b.launch.json'],
      ['launch.missing-entry', 'k/lib.launch.json: entries.gone'],
      ['launch.unknown', 'k/lib.launch.json: entries.f_bias'],
      ['unknown-key', 'k/lib.launch.json: launches.plain.thread'],
    ])
  })

  it('reports a manifest that is no JSON as one problem with its position', () => {
    expect(lint({}, { 'variants_enhanced.json': '{\n"a": [],\n}' })).toMatchObject([
      { rule: 'manifest.syntax', severity: 'error', line: 2, column: 8 },
    ])
  })

  it('reports a missing manifest and a cut shape list', () => {
    const workspace = openFixture({ 'a.metal': '' })
    expect(lintWorkspace(workspace)).toMatchObject([{ rule: 'manifest.missing', severity: 'warning' }])
    expect(lint({}, { 'shapes.csv': `${shapes}matmul,1,6` })).toMatchObject([
      { rule: 'shapes.cut', path: 'shapes.csv', line: 4 },
    ])
  })

  it('lints another manifest than the workspace has', () => {
    const workspace = openFixture({
      'lib.metal': source,
      'variants_enhanced.json': '{}',
      'other.json': JSON.stringify({ mine: [clean({}, { largeK: 1 })] }),
    })
    expect(
      lintWorkspace(workspace, { manifestPath: join(workspace.root, 'other.json') }).map(({ rule }) => rule),
    ).toEqual(['unknown-key'])
  })
})
