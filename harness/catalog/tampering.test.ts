import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EvidenceRecord } from '#contract/evidence.ts'
import { evidenceFileSchema } from '#contract/evidence-file.ts'
import { type Flag, provableFlags } from '#contract/manifest.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import { evidencePath, writeEvidence } from '../store/evidence-file.ts'
import { flagStatuses, setFlagsProven, unsetFlag } from './flags.ts'
import { manifestOf, resolveTarget } from './resolve-target.ts'
import type { CurrentDevice } from './stale-evidence.ts'
import type { Workspace } from './workspace.ts'
import { expectValue, openFixture, putFile, shapeOf, supportsAll } from './workspace-fixture.ts'

const entry = (name: string) => ({ name, library: 'lib', params: { BN: 64 }, supports: supportsAll() })
const files = {
  'kernels/lib.metal': '#include "part.h"\n#include <deep/far.h>\nkernel void f() {}\n',
  'kernels/part.h': '#include "inner.h"\n#define X 1\n',
  'kernels/inner.h': 'constant int inner = 1;\n',
  'kernels/deep/far.h': 'constant int far = 1;\n',
  'manifests/variants_enhanced.json': JSON.stringify({ m1_x: [entry('v'), entry('w')], m1_y: [entry('v')] }, null, 2),
}
const manifest = 'manifests/variants_enhanced.json'
const subject = { backend: 'm1_x', name: 'v' }

/** A shape that needs one flag only. */
const needing: Record<Flag, Partial<Shape>> = {
  transposeA: { tA: true },
  transposeB: { tB: true },
  smallK: { k: 8 },
  smallMN: { m: 1 },
  batch: { batch: 2 },
  bias: { bias: true },
  accumulate: { beta: 1 },
}
const shapeFor = (flag: Flag) => formatShape(shapeOf({ m: 32, n: 64, k: 64, ...needing[flag] }))
const device: CurrentDevice = {
  kind: 'cpu',
  compiler: 'clang 22',
  tiers: [
    { name: 'fiber', flags: '-O2' },
    { name: 'vector', flags: '-O2 -DV' },
  ],
}

function recordFor(workspace: Workspace, flag: Flag, id = 'm1_x/v'): EvidenceRecord {
  const { sourceHash, entryHash } = expectValue(resolveTarget(workspace, id))
  const gateOf = (gate: string) => ({ gate, runs: 3, worstMargin: 0.5, worstShape: shapeFor(flag), worstSeed: 1 })
  return {
    sourceHash,
    entryHash,
    compiler: 'clang 22',
    flags: '-O2',
    mathMode: 'fast',
    deviceKind: 'cpu',
    deviceName: 'Test CPU',
    labVersion: '0',
    provenAt: '2026-01-02T03:04:05Z',
    seeds: [1, 2, 3],
    shapes: [shapeFor(flag)],
    tiers: device.tiers.map(({ name, flags }) => ({ tier: name, flags, shapes: 1, worstMargin: 0.5 })),
    beside: provableFlags.filter((other) => other !== flag),
    gates: ['bound', 'exact', 'guard', 'poison'].map(gateOf),
    sanitizer: { shapes: [shapeFor(flag)], checks: ['bounds'], schedules: 2 },
    mutants: [{ id: 'x@1:1', operator: 'x', line: 1, change: 'a → b', outcome: 'rejected', gate: 'exact' }],
  }
}

type Records = Partial<Record<Flag, EvidenceRecord>>
const recordsFor = (workspace: Workspace, id?: string): Records =>
  Object.fromEntries(provableFlags.map((flag) => [flag, recordFor(workspace, flag, id)]))

/** A workspace in which every flag of one variant is proven. */
function proven(): Workspace {
  const workspace = openFixture(files)
  expectValue(setFlagsProven(workspace, { variant: 'm1_x/v', records: recordsFor(workspace) }))
  expect(provenOf(workspace)).toEqual(provableFlags.map((flag) => `m1_x/v ${flag}`))
  return workspace
}

function provenOf(workspace: Workspace, now = device): string[] {
  workspace.rescan()
  const reading = manifestOf(workspace)
  if (!reading.ok) return []
  const statuses = flagStatuses(workspace, reading.value, now)
  return statuses.filter(({ state }) => state === 'proven').map(({ variant, flag }) => `${variant} ${flag}`)
}

const evidenceOf = (workspace: Workspace, variant = subject) => evidencePath(join(workspace.root, manifest), variant)
const forge = (workspace: Workspace, records: Records, variant = subject) =>
  expectValue(writeEvidence(join(workspace.root, manifest), variant, records))

/** What a forger who knows the format changes in a record, and stamps again. */
const forgeries: Record<string, (record: EvidenceRecord) => Partial<EvidenceRecord>> = {
  'another source': () => ({ sourceHash: 'f'.repeat(64) }),
  'another entry': () => ({ entryHash: 'f'.repeat(64) }),
  'another compiler': () => ({ compiler: 'clang 21' }),
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
    forge(workspace, { [flag]: { ...record, ...forgeries[what]?.(record) } })
    expect(provenOf(workspace)).not.toContain(`m1_x/v ${flag}`)
  })

  const pairs = provableFlags.flatMap((a) => provableFlags.filter((b) => b !== a).map((b) => [a, b] as const))
  it.each(pairs)('proves nothing: that of %s for %s', (from, to) => {
    const workspace = proven()
    forge(workspace, { [to]: recordFor(workspace, from) })
    expect(provenOf(workspace)).not.toContain(`m1_x/v ${to}`)
  })
})

describe('an evidence file that was edited', () => {
  const places = Array.from({ length: 40 }, (_, i) => (i + 0.5) / 40)
  it.each(places)('proves nothing: a digit or letter at %f of it', (place) => {
    const workspace = proven()
    const path = evidenceOf(workspace)
    const text = readFileSync(path, 'utf8')
    const at = text.slice(Math.floor(place * text.length)).search(/[a-z0-9]/) + Math.floor(place * text.length)
    writeFileSync(path, text.slice(0, at) + (text[at] === '7' ? '8' : '7') + text.slice(at + 1))
    expect(provenOf(workspace)).toEqual([])
  })

  const texts: Record<string, (text: string) => string> = {
    empty: () => '',
    'cut in the middle': (text) => text.slice(0, text.length / 2),
    'of the first format': (text) => {
      const { variant, flags } = evidenceFileSchema.parse(JSON.parse(text))
      return JSON.stringify({ format: 1, variant, flags })
    },
    'without its digest': (text) => JSON.stringify({ ...JSON.parse(text), digest: undefined }),
    'with a digest of nothing': (text) => JSON.stringify({ ...JSON.parse(text), digest: '' }),
    'a list': (text) => `[${text}]`,
    null: () => 'null',
  }
  it.each(Object.keys(texts))('proves nothing: %s', (what) => {
    const workspace = proven()
    const path = evidenceOf(workspace)
    writeFileSync(path, texts[what]?.(readFileSync(path, 'utf8')) ?? '')
    expect(provenOf(workspace)).toEqual([])
  })

  it.each([
    ['another variant', { backend: 'm1_x', name: 'w' }],
    ['another backend, of the same name', { backend: 'm1_y', name: 'v' }],
  ])('proves nothing of %s', (_, other) => {
    const workspace = proven()
    cpSync(evidenceOf(workspace), evidenceOf(workspace, other), { recursive: true })
    const stolen = expectValue(manifestOf(workspace)).variants.find(({ id }) => id === `${other.backend}/${other.name}`)
    expect(stolen?.supports.bias).toBe(true)
    expect(provenOf(workspace).filter((flag) => !flag.startsWith('m1_x/v '))).toEqual([])
    forge(workspace, recordsFor(workspace, 'm1_x/v'), other)
    const own = provenOf(workspace).filter((flag) => flag.startsWith('m1_x/w '))
    expect(own).toEqual([])
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
    compiler: { ...device, compiler: 'clang 23' },
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
