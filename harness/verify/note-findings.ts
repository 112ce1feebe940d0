import { ok, type Result } from '#contract/error.ts'
import type { ProofReport } from '#contract/evidence.ts'
import type { Flag } from '#contract/manifest.ts'
import { type CurrentDevice, currentDevice } from '../catalog/current-device.ts'
import { withdrawEvidence } from '../catalog/write-flags.ts'
import { writeCouldBe } from '../store/could-be.ts'
import type { RunSession } from './session.ts'
import type { RunContext } from './types.ts'

/** The device of a run, as evidence is compared with it. */
export function deviceOfRun({ device }: RunContext): CurrentDevice {
  return currentDevice({ ...device.info, tiers: device.tiers })
}

/**
 * What proofs say of flags beside evidence: that they failed and, of those that wrote nothing, that they would not have.
 * A flag that failed does not look proven from then on, whatever record of the same kernel and device lies there. That
 * it cannot be kept is no failure.
 */
export function noteFindings(
  context: RunContext,
  { kernel }: Pick<RunSession, 'kernel'>,
  { reports, isDry }: { reports: ReadonlyMap<Flag, Result<ProofReport>>; isDry: boolean },
): void {
  const { sourceHash, entryHash } = kernel
  const { kind: device, compiler } = deviceOfRun(context)
  const common = { sourceHash, entryHash, device, compiler, checkedAt: new Date().toISOString() }
  const found = [...reports].flatMap(([flag, report]) => {
    const failure = report.ok ? report.value.failures[0]?.message : report.error.message
    const isOn = kernel.variant?.supports[flag] ?? false
    // Gates that could not be run say nothing against a flag that is on.
    if ((failure === undefined && !isDry) || (!report.ok && (isOn || !isDry))) return []
    const shapes = report.ok ? new Set(report.value.gates.map(({ shape }) => shape)).size : 0
    const reason = failure ?? `every gate passed on ${shapes} shapes`
    return [{ variant: kernel.id, flag, is: { ...common, isTrue: failure === undefined, reason } }]
  })
  if (found.length > 0) writeCouldBe(context.workspace.stateFolder, found)
}

/** Takes back what was proven of flags that fail now; their reports say so. */
export function withdrawFailed(
  context: RunContext,
  { kernel }: Pick<RunSession, 'kernel'>,
  failed: readonly ProofReport[],
): Result<ProofReport[]> {
  const { sourceHash, entryHash, id } = kernel
  const flags = failed.map(({ flag }) => flag)
  if (flags.length === 0) return ok([])
  const target = { variant: id, flags, sourceHash, entryHash }
  const withdrawn = withdrawEvidence(context.workspace, target, deviceOfRun(context))
  if (!withdrawn.ok) return withdrawn
  return ok(
    failed.map((report) => {
      const provenAt = withdrawn.value[report.flag]
      return provenAt === undefined ? report : { ...report, state: 'claimed', withdrawn: provenAt }
    }),
  )
}
