import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import type { EvidenceRecord } from '#contract/evidence.ts'
import type { Flag } from '#contract/manifest.ts'
import { readEvidence, removeEvidence, writeEvidence } from '../store/evidence-file.ts'
import { withFileLock } from '../store/file-lock.ts'
import type { CurrentDevice } from './current-device.ts'
import { editManifest } from './manifest-edit.ts'
import { findVariant, manifestOf, resolveVariant } from './resolve-target.ts'
import { staleReason } from './stale-evidence.ts'
import type { ManifestReading, ManifestVariant } from './types.ts'
import type { Workspace } from './workspace.ts'

/** Does something with the manifest as it is, and a variant of it, while no other process writes it or its evidence. */
function withVariant<T>(
  workspace: Workspace,
  id: string,
  work: (reading: ManifestReading, variant: ManifestVariant) => Result<T>,
): Result<T> {
  const { manifestPath } = workspace
  const read = (): Result<T> => {
    const reading = manifestOf(workspace)
    if (!reading.ok) return reading
    const variant = findVariant(reading.value, id)
    return variant.ok ? work(reading.value, variant.value) : variant
  }
  return manifestPath === null ? read() : withFileLock(manifestPath, read)
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
  return withVariant(workspace, target.variant, (reading, variant) =>
    writeFlag(reading, { variant, flag: target.flag, value: false }),
  )
}

interface Proven {
  variant: string
  records: Partial<Record<Flag, EvidenceRecord>>
}

/**
 * Turns flags on with the records of the gates that they passed: evidence first, then the manifest, so that a flag is
 * never true without a record. Refused with `conflict` when a record is not about the kernel and entry on disk now.
 * Answers the evidence file's path and the manifest's new hash.
 */
export function setFlagsProven(workspace: Workspace, target: Proven): Result<{ evidencePath: string; hash: string }> {
  return withVariant(workspace, target.variant, (reading, variant) => {
    const kernel = resolveVariant(workspace, variant)
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
    const evidence = writeEvidence(reading.path, variant, target.records)
    if (!evidence.ok) return evidence
    let { hash } = reading
    for (const [flag] of entries) {
      const written = writeFlag({ ...reading, hash }, { variant, flag, value: true })
      if (!written.ok) return written
      hash = written.value.hash
    }
    return ok({ evidencePath: evidence.value, hash })
  })
}

/**
 * Takes back what evidence says of flags whose proof failed: records of the device that hold for this very kernel and
 * entry. The flags stay as they are in the manifest. Answers when each of those taken back had been proven.
 */
export function withdrawEvidence(
  workspace: Workspace,
  target: { variant: string; flags: readonly Flag[]; sourceHash: string; entryHash: string },
  device: CurrentDevice,
): Result<Partial<Record<Flag, string>>> {
  return withVariant(workspace, target.variant, (reading, variant) => {
    const kernel = resolveVariant(workspace, variant)
    const evidence = readEvidence(reading.path, variant)
    const { sourceHash, entryHash } = target
    if (!kernel.ok || !evidence.ok || evidence.value?.variant !== variant.id) return ok({})
    if (kernel.value.sourceHash !== sourceHash || kernel.value.entryHash !== entryHash) return ok({})
    const records = evidence.value.devices[device.kind] ?? {}
    const withdrawn: Partial<Record<Flag, string>> = {}
    for (const flag of target.flags) {
      const record = records[flag]
      if (record && staleReason({ flag, record }, kernel.value, device) === null) withdrawn[flag] = record.provenAt
    }
    const flags = Object.keys(withdrawn) as Flag[]
    if (flags.length === 0) return ok({})
    const written = removeEvidence(reading.path, variant, { device: device.kind, flags })
    return written.ok ? ok(withdrawn) : written
  })
}
