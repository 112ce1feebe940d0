import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EvidenceRecord } from '#contract/evidence.ts'
import { type Flag, provableFlags } from '#contract/manifest.ts'
import { formatShape } from '#contract/shape.ts'
import type { CurrentDevice } from './current-device.ts'
import { resolveTarget } from './resolve-target.ts'
import {
  device,
  evidenceOf,
  files,
  forge,
  manifest,
  proven,
  provenOf,
  recordFor,
  recordsFor,
} from './tampering-fixture.ts'
import type { Workspace } from './workspace.ts'
import { expectValue, openFixture, putFile, shapeOf } from './workspace-fixture.ts'
import { setFlagsProven, unsetFlag } from './write-flags.ts'

/** What a forger who knows the format changes in a record, and stamps again. */
const forgeries: Record<string, (record: EvidenceRecord) => Partial<EvidenceRecord>> = {
  'another source': () => ({ sourceHash: 'f'.repeat(64) }),
  'another entry': () => ({ entryHash: 'f'.repeat(64) }),
  'another compiler': () => ({ compiler: 'clang 21' }),
  'another math mode': () => ({ mathMode: 'safe' }),
  'another kind of device': () => ({ deviceKind: 'metal' }),
  'compiler flags that no tier had': () => ({ flags: '-O0' }),
  'no bound gate': ({ gates }) => ({ gates: gates.filter(({ gate }) => gate !== 'bound') }),
  'no exact gate': ({ gates }) => ({ gates: gates.filter(({ gate }) => gate !== 'exact') }),
  'no guard gate': ({ gates }) => ({ gates: gates.filter(({ gate }) => gate !== 'guard') }),
  'no poison gate': ({ gates }) => ({ gates: gates.filter(({ gate }) => gate !== 'poison') }),
  'a gate that never ran': ({ gates }) => ({ gates: gates.map((gate) => ({ ...gate, runs: 0 })) }),
  'a margin over the bound': ({ gates }) => ({ gates: gates.map((gate) => ({ ...gate, worstMargin: 1.01 })) }),
  'one seed': () => ({ seeds: [1] }),
  'one seed three times': () => ({ seeds: [1, 1, 1] }),
  'no shapes': () => ({ shapes: [] }),
  'shapes that do not need it': () => ({ shapes: [formatShape(shapeOf({ m: 32, n: 64, k: 64 }))] }),
  'shapes that are none': () => ({ shapes: ['everything'] }),
  'no watching': () => ({ sanitizer: undefined }),
  'no mutants': () => ({ mutants: undefined }),
  'an empty kill list': () => ({ mutants: [] }),
  'no mutant that was rejected': ({ mutants = [] }) => ({
    mutants: mutants.map((one) => ({ ...one, outcome: 'equivalent' })),
  }),
  'watching that was skipped': ({ sanitizer }) => ({ sanitizer: { ...sanitizer!, skipped: 'why not' }, mutants: [] }),
  'a mutant that survived': ({ mutants = [] }) => ({
    mutants: mutants.map((one) => ({ ...one, outcome: 'survived' })),
  }),
  'no tiers': () => ({ tiers: undefined }),
  'one tier only': ({ tiers = [] }) => ({ tiers: tiers.slice(0, 1) }),
  'another build of a tier': ({ tiers = [] }) => ({
    tiers: tiers.map((tier) => ({ ...tier, flags: `${tier.flags} -g` })),
  }),
}

describe('a record that was forged and stamped', () => {
  const cases = provableFlags.flatMap((flag) => Object.keys(forgeries).map((what) => [flag, what] as const))
  it.each(cases)('proves nothing: %s with %s', (flag, what) => {
    const workspace = proven()
    const record = recordFor(workspace, flag)
    rmSync(evidenceOf(workspace))
    forge(workspace, { ...recordsFor(workspace), [flag]: { ...record, ...forgeries[what]?.(record) } })
    expect(provenOf(workspace)).not.toContain(`m1_x/v ${flag}`)
  })

  const pairs = provableFlags.flatMap((a) => provableFlags.filter((b) => b !== a).map((b) => [a, b] as const))
  it.each(pairs)('proves nothing: that of %s for %s', (from, to) => {
    const workspace = proven()
    forge(workspace, { [to]: recordFor(workspace, from) })
    expect(provenOf(workspace)).not.toContain(`m1_x/v ${to}`)
  })
})

describe('what a proof was about, changed since', () => {
  const edits: Record<string, (workspace: Workspace) => void> = {
    'a space in the kernel': ({ root }) => putFile(root, 'kernels/lib.metal', `${files['kernels/lib.metal']} `),
    'a header': ({ root }) => putFile(root, 'kernels/part.h', '#include "inner.h"\n#define X 2\n'),
    'a header of a header': ({ root }) => putFile(root, 'kernels/inner.h', 'constant int inner = 2;\n'),
    'a header found by search': ({ root }) => putFile(root, 'kernels/deep/far.h', 'constant int far = 2;\n'),
    'a header that is found first now': ({ root }) => putFile(root, 'deep/far.h', 'constant int far = 3;\n'),
    'a launch file': ({ root }) => putFile(root, 'kernels/lib.launch.json', '{}'),
  }
  it.each(Object.keys(edits))('%s', (what) => {
    const workspace = proven()
    edits[what]?.(workspace)
    expect(provenOf(workspace)).toEqual([])
  })

  const spellings: Record<string, string> = {
    'a directive over two lines': '#inc\\\nlude "far/x.h"\n',
    'a directive over two lines, with a blank after the backslash': '#inc\\ \r\nlude "far/x.h"\n',
    'a name over two lines': '#include "far/\\\nx.h"\n',
    'a digraph': '%:include "far/x.h"\n',
    'comments between': '/* */ # /* */ include /* */ "far/x.h"\n',
    'a line that looks like the start of a comment before it': 'auto s = R"(\n#/*\n)";\n#include "far/x.h"\n// */\n',
    'the next of its name': '#include_next "far/x.h"\n',
    import: '#import "far/x.h"\n',
    'an embedded file': 'constant uchar x[] = {\n#embed "far/x.h"\n};\n',
    'a test whether it exists': '#if __has_include("far/x.h")\n#endif\n',
    'a test in angle brackets': '#if 1 < 2 && __has_include(<kernels/far/x.h>)\n#endif\n',
    'a test under another name': '#define has __has_include\n#if has("far/x.h")\n#endif\n',
    'a macro': '#define X "far/x.h"\n#include X\n',
    'a test of a macro': '#define X "far/x.h"\n#if __has_include(X)\n#endif\n',
  }
  it.each(Object.keys(spellings))('a file that comes in through %s', (what) => {
    const workspace = openFixture({ ...files, 'kernels/lib.metal': spellings[what] ?? '' })
    const hashNow = () => expectValue(resolveTarget(workspace, 'm1_x/v')).sourceHash
    const contents = ['', '#define Y 1\n', '#define Y 2\n', '\xff', '\xfe'].map((text) => {
      putFile(workspace.root, 'kernels/far/x.h', '')
      writeFileSync(join(workspace.root, 'kernels/far/x.h'), Buffer.from(text, 'latin1'))
      workspace.rescan()
      return hashNow()
    })
    rmSync(join(workspace.root, 'kernels/far/x.h'))
    workspace.rescan()
    expect(new Set([...contents, hashNow()]).size).toBe(6)
  })

  const keys: [string, unknown][] = [
    ['name', 'renamed'],
    ['library', 'other'],
    ['params', { BN: 32 }],
    ['dispatch', { bn: 32 }],
    ['requires', { n: { min: 1 } }],
    ['transposeBOverride', true],
    ['tileBM', 8],
    ['enabled', true],
    ['anything', 1],
  ]
  it.each(keys)('%s of the manifest entry', (key, value) => {
    const workspace = proven()
    const path = join(workspace.root, manifest)
    const parsed = JSON.parse(readFileSync(path, 'utf8'))
    parsed.m1_x[0][key] = value
    writeFileSync(path, JSON.stringify(parsed))
    expect(provenOf(workspace)).toEqual([])
  })

  const devices: Record<string, CurrentDevice> = {
    kind: { ...device, kind: 'metal' },
    'kind and compiler': { ...device, kind: 'cuda', compiler: 'nvcc 13', tiers: [] },
    'kind of the null device': { ...device, kind: 'null', compiler: 'none', tiers: [] },
    compiler: { ...device, compiler: 'clang 23' },
    'math mode': { ...device, mathMode: 'safe' },
    'flags of every tier': { ...device, tiers: device.tiers.map(({ name }) => ({ name, flags: '-O3' })) },
    'order of the flags': { ...device, tiers: [device.tiers[0]!, { name: 'vector', flags: '-DV -O2' }] },
    'flags of the fiber tier': { ...device, tiers: [{ name: 'fiber', flags: '-O3' }] },
    'flags of the vector tier': { ...device, tiers: [device.tiers[0]!, { name: 'vector', flags: '-O2 -DV -g' }] },
    'a tier more': { ...device, tiers: [...device.tiers, { name: 'leader', flags: '-O2 -DL' }] },
    'the build that ran': { ...device, ran: { tier: 'vector', flags: '-O2 -DV -g' } },
  }
  it.each(Object.keys(devices))('%s of the device', (what) => {
    expect(provenOf(proven(), devices[what])).toEqual([])
  })
})

describe('two windows', () => {
  it.each(provableFlags)(
    'a record of %s from before the kernel changed is refused, and replayed it proves nothing',
    (flag) => {
      const workspace = proven()
      const old = readFileSync(evidenceOf(workspace), 'utf8')
      const record = recordFor(workspace, flag)
      putFile(workspace.root, 'kernels/part.h', '#define X 2\n')
      const refused = setFlagsProven(workspace, { variant: 'm1_x/v', records: { [flag]: record } })
      expect(refused).toMatchObject({ ok: false, error: { kind: 'conflict' } })
      forge(workspace, { [flag]: recordFor(workspace, flag) })
      writeFileSync(evidenceOf(workspace), old)
      expect(provenOf(workspace)).toEqual([])
    },
  )

  it('a flag that one turns off stays off, whatever evidence the other writes', () => {
    const workspace = proven()
    expectValue(unsetFlag(workspace, { variant: 'm1_x/v', flag: 'bias' }))
    forge(workspace, { bias: recordFor(workspace, 'bias') })
    expect(provenOf(workspace)).not.toContain('m1_x/v bias')
  })

  it('flags that were never proven beside each other do not hold together', () => {
    const workspace = proven()
    const alone = (flag: Flag) => ({ ...recordFor(workspace, flag), beside: [] })
    forge(workspace, Object.fromEntries(provableFlags.map((flag) => [flag, alone(flag)])))
    expect(provenOf(workspace)).toEqual([])
  })
})
