import type { EvidenceRecord } from '#contract/evidence.ts'
import type { Flag } from '#contract/manifest.ts'
import type { Tier, TierEvidence } from '#contract/tier.ts'
import { type CurrentDevice, flagsChange } from './current-device.ts'
import { flagsNeeded } from './filter.ts'
import { changedSources } from './proof-sources.ts'
import { parseShape } from './shape-text.ts'
import type { ResolvedKernel } from './types.ts'

/** Whether a record is about a flag: one of the shapes that were run needs it. */
function isAbout(flag: Flag, { shapes }: EvidenceRecord): boolean {
  return shapes.some((text) => {
    const shape = parseShape(text)
    return shape.ok && flagsNeeded(shape.value).includes(flag)
  })
}

/**
 * What differs between the compiler flags of a record and those of the device: the first of its tiers that was proven in
 * another build, and in no other tier in this one. Of a device without tiers only a run knows.
 */
function changedFlags({ flags, tiers = [] }: EvidenceRecord, device: CurrentDevice): string | null {
  const { ran } = device
  const present = presentTiers(device)
  if (present.length === 0) {
    return ran && ran.flags !== flags ? `the compiler flags ${flagsChange(flags, ran.flags)}` : null
  }
  for (const tier of present) {
    const old = tiers.find((one) => one.tier === tier.name)
    if (old && !covers(tiers, tier))
      return `the compiler flags of the ${tier.name} tier ${flagsChange(old.flags, tier.flags)}`
  }
  return null
}

const presentTiers = ({ tiers }: CurrentDevice) => tiers.filter(({ missing }) => missing === undefined)

/** A build that ran in one tier is known in every other; one that was refused, only in that. */
const covers = (tiers: readonly TierEvidence[], { name, flags }: Tier) =>
  tiers.some((one) => one.flags === flags && (one.shapes > 0 || one.tier === name))

/** What the record leaves open about the device's tiers: the first that a run may choose and was not proven; null when none. */
function tierGap({ flags, tiers, provenAt }: EvidenceRecord, device: CurrentDevice): string | null {
  const present = presentTiers(device)
  if (present.length === 0) return null
  const proof = `its proof of ${provenAt}`
  if (!tiers) return `${proof} does not say which tiers ran it`
  if (!tiers.some((one) => one.flags === flags)) return `${proof} names compiler flags that none of its tiers had`
  const open = present.find((tier) => !covers(tiers, tier))
  if (open) return `${proof} did not try the ${open.name} tier, which a run may choose`
  const { ran } = device
  if (!ran || tiers.some((one) => one.shapes > 0 && one.flags === ran.flags)) return null
  return `${proof} ran no shape in the ${ran.tier} tier, which this run chose`
}

/** A record of gates that did not all pass, or were not all run. */
function failedGate(
  { gates, sanitizer, mutants, seeds, provenAt, deviceKind }: EvidenceRecord,
  kernel: Pick<ResolvedKernel, 'usesDeviceBaseline'>,
): string | null {
  const proof = `its proof of ${provenAt}`
  const missing = ['bound', 'exact', 'guard', 'poison'].find(
    (name) => !gates.some(({ gate, runs }) => gate === name && runs > 0),
  )
  if (missing !== undefined) return `${proof} did not run the ${missing} gate`
  const over = gates.find(({ worstMargin }) => worstMargin !== null && worstMargin > 1)
  if (over) return `${proof} is over the bound, by its own account`
  if (new Set(seeds).size < fewestSeeds) return `${proof} ran fewer than ${fewestSeeds} seeds`
  if (!sanitizer || !mutants) return `${proof} is from before kernels were watched and mutated`
  if (mutants.some(({ outcome }) => outcome === 'survived')) return `${proof} names a mutant that no gate noticed`
  const isUnwatchable = sanitizer.skipped !== undefined && (kernel.usesDeviceBaseline || deviceKind !== watchingDevice)
  if (!isUnwatchable && !mutants.some(({ outcome }) => outcome === 'rejected')) {
    return `${proof} rejected no mutant: nothing shows that its gates would notice a fault`
  }
  return null
}

/** The kind of device that watches every kernel that has a source. */
const watchingDevice = 'cpu'
const fewestSeeds = 3

/** What passed other gates is not known to pass those of today. */
function changeOfGates({ proofSources, provenAt }: EvidenceRecord, device: CurrentDevice): string | null {
  if (device.proofSources === undefined) return null
  if (proofSources === undefined) return `its proof of ${provenAt} does not say which gates it passed`
  const changed = changedSources(proofSources, device.proofSources)
  return changed && `${changed} since it was proven at ${provenAt}`
}

/** What of a kernel evidence is about. */
export type ProvenKernel = Pick<ResolvedKernel, 'sourceHash' | 'entryHash' | 'usesDeviceBaseline'>

function changesOfKernel({ sourceHash, entryHash }: EvidenceRecord, kernel: ProvenKernel): string[] {
  return [
    ...(sourceHash === kernel.sourceHash ? [] : ['the kernel source (or a file it includes) changed']),
    ...(entryHash === kernel.entryHash ? [] : ['the manifest entry or its launch declaration changed']),
  ]
}

function changesOfDevice(record: EvidenceRecord, kernel: ProvenKernel, device: CurrentDevice): string[] {
  const { compiler, mathMode } = record
  const isCompiled = !kernel.usesDeviceBaseline
  const flags = isCompiled && compiler === device.compiler ? changedFlags(record, device) : null
  return [
    ...(compiler === device.compiler ? [] : [`the compiler changed from ${compiler} to ${device.compiler}`]),
    ...(mathMode === device.mathMode ? [] : [`the math mode changed from ${mathMode} to ${device.mathMode}`]),
    ...(flags === null ? [] : [flags]),
  ]
}

/**
 * What differs between an evidence record and today, as text; null when it still holds. Of a record of another kind of
 * device only the kernel is compared: what that device would compile with is not known here.
 */
export function staleReason(
  { flag, record }: { flag: Flag; record: EvidenceRecord },
  kernel: ProvenKernel,
  device: CurrentDevice,
): string | null {
  if (!isAbout(flag, record)) return `its evidence holds no shape that needs ${flag}`
  const gate = failedGate(record, kernel)
  if (gate !== null) return gate
  const gates = changeOfGates(record, device)
  if (gates !== null) return gates
  const isOfDevice = record.deviceKind === device.kind
  const changes = [...changesOfKernel(record, kernel), ...(isOfDevice ? changesOfDevice(record, kernel, device) : [])]
  if (changes.length > 0) return `${changes.join(' and ')} since it was proven at ${record.provenAt}`
  return isOfDevice && !kernel.usesDeviceBaseline ? tierGap(record, device) : null
}
