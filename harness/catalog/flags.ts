import type { LabError, Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import type { EvidenceRecord } from '#contract/evidence.ts'
import type { EvidenceFile } from '#contract/evidence-file.ts'
import { type Flag, type FlagStatus, provableFlags } from '#contract/manifest.ts'
import type { Row } from '#contract/row.ts'
import type { Shape } from '#contract/shape.ts'
import type { TierEvidence } from '#contract/tier.ts'
import { readCouldBe } from '../store/could-be.ts'
import { readEvidence, writeEvidence } from '../store/evidence-file.ts'
import { flagsNeeded } from './filter.ts'
import { KernelSources } from './kernel-sources.ts'
import { editManifest } from './manifest-edit.ts'
import { findVariant, manifestOf, resolveVariant } from './resolve-target.ts'
import { type CurrentDevice, staleReason } from './stale-evidence.ts'
import type { ManifestReading, ManifestVariant, ResolvedKernel } from './types.ts'
import type { Workspace } from './workspace.ts'

/**
 * A flag that is on beside this one, when neither was proven while the other was on: the two were never asked for
 * together. Only a hand edit makes this, for what is turned on by proof is proven beside what is on.
 */
function neverBeside(flag: Flag, records: Partial<Record<Flag, EvidenceRecord>>): Flag | undefined {
  const isKnown = (a: Flag, b: Flag) => records[a]?.beside?.includes(b) ?? false
  return provableFlags.find(
    (other) => other !== flag && records[other] && !isKnown(flag, other) && !isKnown(other, flag),
  )
}

function provenReason(record: EvidenceRecord): string {
  const ways = record.tiers?.map(describeTier).join(', ')
  return `proven at ${record.provenAt} on ${record.deviceName} (${record.deviceKind}) over ${record.shapes.length} shapes and ${record.seeds.length} seeds${ways ? `: ${ways}` : ''}`
}

function describeTier({ tier, shapes, refusal }: TierEvidence): string {
  if (shapes === 0) return `not in ${tier}`
  return refusal === undefined ? `in ${tier}` : `in ${tier} (${shapes} shapes)`
}

/** The states of a variant's flags, in the order in which flags are shown. */
export function flagStatusesOf(
  workspace: Workspace,
  subject: { reading: ManifestReading; variant: ManifestVariant; sources?: KernelSources | undefined },
  device?: CurrentDevice,
): FlagStatus[] {
  const { reading, variant, sources } = subject
  const isAnyOn = provableFlags.some((flag) => variant.supports[flag])
  const evidence = isAnyOn ? ownEvidence(reading, variant) : ok(null)
  const kernel = isAnyOn && evidence.ok && evidence.value ? resolveVariant(workspace, variant, { sources }) : null
  const couldBe = couldBeOf(workspace, { variant, sources }, device)
  const problems: Partial<Record<Flag, string>> = {}
  const live: Partial<Record<Flag, EvidenceRecord>> = {}
  for (const flag of provableFlags.filter((flag) => variant.supports[flag])) {
    const record = evidence.ok ? evidence.value?.flags[flag] : undefined
    const problem = evidence.ok ? liveProblem({ flag, record }, kernel, device) : unreadable(evidence.error)
    if (problem !== null) problems[flag] = problem
    else if (record) live[flag] = record
  }
  return provableFlags.map((flag): FlagStatus => {
    const status = (state: FlagStatus['state'], reason: string): FlagStatus => ({
      variant: variant.id,
      flag,
      value: variant.supports[flag],
      state,
      reason,
      ...(live[flag]?.tiers ? { tiers: live[flag].tiers } : {}),
    })
    const record = live[flag]
    if (!record)
      return problems[flag]
        ? status('claimed', problems[flag])
        : { ...status('off', 'false in the manifest'), ...couldBe(flag) }
    const other = neverBeside(flag, live)
    return other
      ? status('claimed', `proven, but never beside ${other}, which is on too: prove one of them again`)
      : status('proven', provenReason(record))
  })
}

/** What a dry proof found out about a flag that is off, while kernel, entry and compiler are what it was found on. */
function couldBeOf(
  workspace: Workspace,
  { variant, sources }: { variant: ManifestVariant; sources?: KernelSources | undefined },
  device?: CurrentDevice,
): (flag: Flag) => Pick<FlagStatus, 'couldBe'> {
  const known = readCouldBe(workspace.stateFolder)
  let kernel: Result<ResolvedKernel> | null = null
  return (flag) => {
    const found = known({ variant: variant.id, flag })
    if (!found) return {}
    kernel ??= resolveVariant(workspace, variant, { sources })
    const { sourceHash, entryHash, compiler, ...couldBe } = found
    const isSame = kernel.ok && kernel.value.sourceHash === sourceHash && kernel.value.entryHash === entryHash
    return isSame && (device === undefined || device.compiler === compiler) ? { couldBe } : {}
  }
}

/** A variant's evidence; what lies in its place but was proven of another is refused. */
function ownEvidence(reading: ManifestReading, variant: ManifestVariant): Result<EvidenceFile | null> {
  const file = readEvidence(reading.path, variant)
  if (!file.ok || !file.value || file.value.variant === variant.id) return file
  return fail({ kind: 'invalid', message: `it was proven of ${file.value.variant}` })
}

const unreadable = ({ message }: LabError) => `true in the manifest, but its evidence cannot be read: ${message}`

/** Why a flag that is on is not proven by its record, or null. */
function liveProblem(
  { flag, record }: { flag: Flag; record: EvidenceRecord | undefined },
  kernel: Result<ResolvedKernel> | null,
  device?: CurrentDevice,
): string | null {
  if (!record || !kernel) return 'true in the manifest, without evidence'
  if (!kernel.ok) return `true in the manifest, but the kernel cannot be resolved: ${kernel.error.message}`
  const stale = staleReason({ flag, record }, kernel.value, device)
  return stale
}

/** The states of every flag of every variant of a manifest. */
export function flagStatuses(workspace: Workspace, reading: ManifestReading, device?: CurrentDevice): FlagStatus[] {
  const sources = new KernelSources()
  return reading.variants.flatMap((variant) => flagStatusesOf(workspace, { reading, variant, sources }, device))
}

/** Whether the flags that a shape needs of a variant are all proven; `none` when it needs none. */
export function claimOf(statuses: readonly FlagStatus[], target: { variant: string; shape: Shape }): Row['claim'] {
  const needed: readonly string[] = flagsNeeded(target.shape)
  const states = statuses.filter(({ variant, flag }) => variant === target.variant && needed.includes(flag))
  if (states.length === 0) return 'none'
  return states.every(({ state }) => state === 'proven') ? 'proven' : 'claimed'
}

function writeFlag(
  reading: ManifestReading,
  target: { variant: ManifestVariant; flag: Flag; value: boolean },
): Result<{ hash: string }> {
  const { variant, flag, value } = target
  if (variant.supports[flag] === value) return ok({ hash: reading.hash })
  return editManifest(reading.path, {
    baseHash: reading.hash,
    at: [variant.backend, variant.index, 'supports', flag],
    value,
  })
}

/** Turns a flag off in the manifest: always allowed. Answers the manifest's new hash. */
export function unsetFlag(workspace: Workspace, target: { variant: string; flag: Flag }): Result<{ hash: string }> {
  const reading = manifestOf(workspace)
  if (!reading.ok) return reading
  const variant = findVariant(reading.value, target.variant)
  return variant.ok ? writeFlag(reading.value, { variant: variant.value, flag: target.flag, value: false }) : variant
}

/**
 * Turns flags on with the records of the gates that they passed: evidence first, then the manifest, so that a flag is
 * never true without a record. Refused with `conflict` when a record is not about the kernel and entry on disk now.
 * Answers the evidence file's path and the manifest's new hash.
 */
export function setFlagsProven(
  workspace: Workspace,
  target: { variant: string; records: Partial<Record<Flag, EvidenceRecord>> },
): Result<{ evidencePath: string; hash: string }> {
  const reading = manifestOf(workspace)
  if (!reading.ok) return reading
  const variant = findVariant(reading.value, target.variant)
  if (!variant.ok) return variant
  const kernel = resolveVariant(workspace, variant.value)
  if (!kernel.ok) return kernel
  const entries = Object.entries(target.records) as [Flag, EvidenceRecord][]
  const isAbout = ([, { sourceHash, entryHash }]: [Flag, EvidenceRecord]) =>
    sourceHash === kernel.value.sourceHash && entryHash === kernel.value.entryHash
  const other = entries.find((entry) => !isAbout(entry))
  if (other) {
    return fail({
      kind: 'conflict',
      message: `${target.variant} changed on disk while ${other[0]} was being proven; prove it again`,
    })
  }
  const evidence = writeEvidence(reading.value.path, variant.value, target.records)
  if (!evidence.ok) return evidence
  let { hash } = reading.value
  for (const [flag] of entries) {
    const written = writeFlag({ ...reading.value, hash }, { variant: variant.value, flag, value: true })
    if (!written.ok) return written
    hash = written.value.hash
  }
  return ok({ evidencePath: evidence.value, hash })
}
