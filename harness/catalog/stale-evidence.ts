import type { EvidenceRecord } from '#contract/evidence.ts'
import type { Flag } from '#contract/manifest.ts'
import type { Tier } from '#contract/tier.ts'
import { flagsNeeded } from './filter.ts'
import { parseShape } from './shape-text.ts'
import type { ResolvedKernel } from './types.ts'

/** What the device at hand would compile with; evidence of another kind of device is not compared with it. */
export interface CurrentDevice {
  kind: string
  compiler: string
  /** What a run may choose among; empty where everything runs in one way. */
  tiers: readonly Tier[]
  /** The build that a run has chosen. */
  ran?: { tier: string; flags: string }
}

/** Whether a record is about a flag: one of the shapes that were run needs it. */
function isAbout(flag: Flag, { shapes }: EvidenceRecord): boolean {
  return shapes.some((text) => {
    const shape = parseShape(text)
    return shape.ok && flagsNeeded(shape.value).includes(flag)
  })
}

/** What the record leaves open about the device's tiers: the first that a run may choose and was not proven; null when none. */
function tierGap({ tiers, provenAt }: EvidenceRecord, device: CurrentDevice): string | null {
  const present = device.tiers.filter(({ missing }) => missing === undefined)
  if (present.length === 0) return null
  const proof = `its proof of ${provenAt}`
  if (!tiers) return `${proof} does not say which tiers ran it`
  // A build that ran in one tier is known in every other; one that was refused, only in that.
  const open = present.find(
    ({ name, flags }) => !tiers.some((one) => one.flags === flags && (one.shapes > 0 || one.tier === name)),
  )
  if (open) {
    return tiers.some(({ tier }) => tier === open.name)
      ? `${proof} is of another build of the ${open.name} tier`
      : `${proof} did not try the ${open.name} tier, which a run may choose`
  }
  const { ran } = device
  if (!ran || tiers.some(({ shapes, flags }) => shapes > 0 && flags === ran.flags)) return null
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

/** What differs between an evidence record and today, as text; null when it still holds. */
export function staleReason(
  { flag, record }: { flag: Flag; record: EvidenceRecord },
  kernel: Pick<ResolvedKernel, 'sourceHash' | 'entryHash' | 'usesDeviceBaseline'>,
  device?: CurrentDevice,
): string | null {
  if (!isAbout(flag, record)) return `its evidence holds no shape that needs ${flag}`
  const gate = failedGate(record, kernel)
  if (gate !== null) return gate
  const isOfDevice = device !== undefined && record.deviceKind === device.kind
  const changes: string[] = []
  if (record.sourceHash !== kernel.sourceHash) changes.push('the kernel source (or a file it includes) changed')
  if (record.entryHash !== kernel.entryHash) changes.push('the manifest entry or its launch declaration changed')
  if (isOfDevice && record.compiler !== device.compiler) {
    changes.push(`the compiler changed from ${record.compiler} to ${device.compiler}`)
  }
  if (changes.length > 0) return `${changes.join(' and ')} since it was proven at ${record.provenAt}`
  return isOfDevice && !kernel.usesDeviceBaseline ? tierGap(record, device) : null
}
