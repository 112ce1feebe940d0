import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import type { EvidenceRecord } from '#contract/evidence.ts'
import { type Flag, type FlagStatus, provableFlags } from '#contract/manifest.ts'
import type { Row } from '#contract/row.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import type { TierEvidence } from '#contract/tier.ts'
import { type CouldBe, readCouldBe } from '../store/could-be.ts'
import { type EvidenceReading, readEvidence } from '../store/evidence-file.ts'
import type { CurrentDevice } from './current-device.ts'
import { flagsNeeded } from './filter.ts'
import { KernelSources } from './kernel-sources.ts'
import { resolveVariant } from './resolve-target.ts'
import { staleReason } from './stale-evidence.ts'
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
  const skipped = record.skipped?.length ? `; only claimed on ${record.skipped.join(' and ')}: too large to run` : ''
  return `proven at ${record.provenAt} on ${record.deviceName} (${record.deviceKind}) over ${record.shapes.length} shapes and ${record.seeds.length} seeds${ways ? `: ${ways}` : ''}${skipped}`
}

function describeTier({ tier, shapes, refusal }: TierEvidence): string {
  if (shapes === 0) return `not in ${tier}`
  return refusal === undefined ? `in ${tier}` : `in ${tier} (${shapes} shapes)`
}

/** What the states of a variant's flags are read from. */
interface Subject {
  workspace: Workspace
  variant: ManifestVariant
  device: CurrentDevice
  evidence: Result<EvidenceReading | null>
  kernel: Result<ResolvedKernel> | null
  finding: (flag: Flag) => CouldBe | undefined
}

/** The states of a variant's flags on a device, in the order in which flags are shown. */
export function flagStatusesOf(
  workspace: Workspace,
  { reading, variant, sources }: { reading: ManifestReading; variant: ManifestVariant; sources?: KernelSources },
  device: CurrentDevice,
): FlagStatus[] {
  const isAnyOn = provableFlags.some((flag) => variant.supports[flag])
  const evidence = isAnyOn ? ownEvidence(reading, variant) : ok(null)
  const finding = findingsOf(workspace, { variant, sources }, device)
  const kernel = isAnyOn && evidence.ok && evidence.value ? resolveVariant(workspace, variant, { sources }) : null
  const subject: Subject = { workspace, variant, device, evidence, kernel, finding }
  const problems: Partial<Record<Flag, string>> = {}
  const live: Partial<Record<Flag, EvidenceRecord>> = {}
  for (const flag of provableFlags.filter((flag) => variant.supports[flag])) {
    const record = evidence.ok ? evidence.value?.devices[device.kind]?.[flag] : undefined
    const problem = problemOf(subject, flag, record)
    if (problem !== null) problems[flag] = problem
    else if (record) live[flag] = record
  }
  return provableFlags.map((flag): FlagStatus => {
    const status = (state: FlagStatus['state'], reason: string): FlagStatus => ({
      variant: variant.id,
      flag,
      value: variant.supports[flag],
      state,
      device: device.kind,
      reason,
      ...(live[flag]?.tiers ? { tiers: live[flag].tiers } : {}),
      ...(live[flag]?.skipped ? { skipped: live[flag].skipped } : {}),
    })
    const record = live[flag]
    if (!record)
      return problems[flag]
        ? status('claimed', problems[flag])
        : { ...status('off', 'false in the manifest'), ...couldBe(finding(flag)) }
    const other = neverBeside(flag, live)
    return other
      ? status('claimed', `proven, but never beside ${other}, which is on too: prove one of them again`)
      : status('proven', provenReason(record))
  })
}

/** Why a flag that is on is not proven on the device, or null. `record` is what there is of it on that kind of device. */
function problemOf(subject: Subject, flag: Flag, record: EvidenceRecord | undefined): string | null {
  const { device, evidence, kernel } = subject
  const found = subject.finding(flag)
  if (found && !found.isTrue && found.checkedAt > (record?.provenAt ?? ''))
    return `true in the manifest, but its ${found.isBench ? 'bench' : 'proof'} of ${found.checkedAt} on ${device.kind} failed: ${found.reason}`
  const { root } = subject.workspace
  if (!evidence.ok) return unreadable(root, evidence.error.message)
  const damage = evidence.value?.damaged[device.kind]
  if (damage !== undefined) return unreadable(root, damage)
  if (!record) return elsewhere(subject, flag)
  if (!kernel?.ok) return `true in the manifest, but the kernel cannot be resolved: ${kernel?.error.message}`
  return staleReason({ flag, record }, kernel.value, device)
}

const unreadable = (root: string, why: string) =>
  `true in the manifest, but its evidence cannot be read: ${why.replaceAll(`${root}/`, '')}`

/** What is known of a flag that has no record on this kind of device: where it was proven. */
function elsewhere({ device, evidence, kernel }: Subject, flag: Flag): string {
  const devices = evidence.ok && evidence.value ? Object.values(evidence.value.devices) : []
  const records = devices.flatMap((records) => records[flag] ?? [])
  if (records.length === 0) return 'true in the manifest, without evidence'
  const places = records.map((record) => {
    const stale = kernel?.ok ? staleReason({ flag, record }, kernel.value, device) : null
    const place = `${record.deviceKind} (${record.deviceName}, ${record.provenAt})`
    return stale === null ? `on ${place}` : `on ${place}, which does not hold any more: ${stale}`
  })
  return `proven ${places.join(' and ')}, not on ${device.kind}: prove it there`
}

/** What proofs that wrote no evidence found out, while kernel, entry, device and compiler are what it was found on. */
function findingsOf(
  workspace: Workspace,
  { variant, sources }: { variant: ManifestVariant; sources?: KernelSources | undefined },
  device: CurrentDevice,
): (flag: Flag) => CouldBe | undefined {
  const known = readCouldBe(workspace.stateFolder)
  let kernel: Result<ResolvedKernel> | null = null
  return (flag) => {
    const found = known({ variant: variant.id, flag, device: device.kind })
    if (!found || found.compiler !== device.compiler) return undefined
    kernel ??= resolveVariant(workspace, variant, { sources })
    const { sourceHash, entryHash } = found
    return kernel.ok && kernel.value.sourceHash === sourceHash && kernel.value.entryHash === entryHash
      ? found
      : undefined
  }
}

function couldBe(found: CouldBe | undefined): Pick<FlagStatus, 'couldBe'> {
  if (!found) return {}
  const { isTrue, reason, checkedAt } = found
  return { couldBe: { isTrue, reason, checkedAt } }
}

/** A variant's evidence; what lies in its place but was proven of another is refused. */
function ownEvidence(reading: ManifestReading, variant: ManifestVariant): Result<EvidenceReading | null> {
  const file = readEvidence(reading.path, variant)
  if (!file.ok || !file.value || file.value.variant === variant.id) return file
  return fail({ kind: 'invalid', message: `it was proven of ${file.value.variant}` })
}

/** The states of every flag of every variant of a manifest on a device. */
export function flagStatuses(workspace: Workspace, reading: ManifestReading, device: CurrentDevice): FlagStatus[] {
  const sources = new KernelSources()
  return reading.variants.flatMap((variant) => flagStatusesOf(workspace, { reading, variant, sources }, device))
}

/** Whether the flags that a shape needs of a variant are all proven, on the shape too; `none` when it needs none. */
export function claimOf(statuses: readonly FlagStatus[], target: { variant: string; shape: Shape }): Row['claim'] {
  const needed: readonly string[] = flagsNeeded(target.shape)
  const states = statuses.filter(({ variant, flag }) => variant === target.variant && needed.includes(flag))
  if (states.length === 0) return 'none'
  const isProven = ({ state, skipped = [] }: FlagStatus) =>
    state === 'proven' && !skipped.some((text) => extentsIn(text) === extentsIn(formatShape(target.shape)))
  return states.every(isProven) ? 'proven' : 'claimed'
}

/** A variant has one element type, whatever a list of shapes says. */
const extentsIn = (text: string) => text.replace(/,dtype=.*/, '')
