import { join } from 'node:path'
import { expect } from 'vitest'
import type { EvidenceRecord } from '#contract/evidence.ts'
import { sampleRecord } from '#contract/evidence-fixture.ts'
import { type Flag, provableFlags } from '#contract/manifest.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import { evidencePath, writeEvidence } from '../store/evidence-file.ts'
import type { CurrentDevice } from './current-device.ts'
import { flagStatuses } from './flags.ts'
import { manifestOf, resolveTarget } from './resolve-target.ts'
import type { Workspace } from './workspace.ts'
import { expectValue, openFixture, shapeOf, supportsAll } from './workspace-fixture.ts'
import { setFlagsProven } from './write-flags.ts'

const entry = (name: string) => ({ name, library: 'lib', params: { BN: 64 }, supports: supportsAll() })
export const files = {
  'kernels/lib.metal': '#include "part.h"\n#include <deep/far.h>\nkernel void f() {}\n',
  'kernels/part.h': '#include "inner.h"\n#define X 1\n',
  'kernels/inner.h': 'constant int inner = 1;\n',
  'kernels/deep/far.h': 'constant int far = 1;\n',
  'manifests/variants_enhanced.json': JSON.stringify({ m1_x: [entry('v'), entry('w')], m1_y: [entry('v')] }, null, 2),
}
export const manifest = 'manifests/variants_enhanced.json'
const subject = { backend: 'm1_x', name: 'v' }

/** A shape that needs one flag only. */
const needing: Record<Flag, Partial<Shape>> = {
  transposeA: { tA: true },
  transposeB: { tB: true },
  smallK: { k: 8 },
  smallMN: { m: 1 },
  batch: { batch: 2 },
  bias: { bias: true },
  activation: { act: 'relu' },
  accumulate: { beta: 1 },
}
const shapeFor = (flag: Flag) => formatShape(shapeOf({ m: 32, n: 64, k: 64, ...needing[flag] }))
export const device: CurrentDevice = {
  kind: 'cpu',
  compiler: 'clang 22',
  mathMode: 'fast',
  tiers: [
    { name: 'fiber', flags: '-O2' },
    { name: 'vector', flags: '-O2 -DV' },
  ],
}

export function recordFor(workspace: Workspace, flag: Flag, id = 'm1_x/v'): EvidenceRecord {
  const { sourceHash, entryHash } = expectValue(resolveTarget(workspace, id))
  return sampleRecord({
    sourceHash,
    entryHash,
    shapes: [shapeFor(flag)],
    tiers: device.tiers.map(({ name, flags }) => ({ tier: name, flags, shapes: 1, worstMargin: 0.5 })),
    beside: provableFlags.filter((other) => other !== flag),
  })
}

type Records = Partial<Record<Flag, EvidenceRecord>>
export const recordsFor = (workspace: Workspace, id?: string): Records =>
  Object.fromEntries(provableFlags.map((flag) => [flag, recordFor(workspace, flag, id)]))

/** A workspace in which every flag of one variant is proven. */
export function proven(): Workspace {
  const workspace = openFixture(files)
  expectValue(setFlagsProven(workspace, { variant: 'm1_x/v', records: recordsFor(workspace) }))
  expect(provenOf(workspace)).toEqual(provableFlags.map((flag) => `m1_x/v ${flag}`))
  return workspace
}

export function provenOf(workspace: Workspace, now = device): string[] {
  workspace.rescan()
  const reading = manifestOf(workspace)
  if (!reading.ok) return []
  const statuses = flagStatuses(workspace, reading.value, now)
  return statuses.filter(({ state }) => state === 'proven').map(({ variant, flag }) => `${variant} ${flag}`)
}

export const evidenceOf = (workspace: Workspace, variant = subject) =>
  evidencePath(join(workspace.root, manifest), variant)
export const forge = (workspace: Workspace, records: Records, variant = subject) =>
  expectValue(writeEvidence(join(workspace.root, manifest), variant, records))
