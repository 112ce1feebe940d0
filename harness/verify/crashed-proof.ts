import { fail, type LabError, ok, type Result } from '#contract/error.ts'
import type { GateResult, ProofReport } from '#contract/evidence.ts'
import type { Flag } from '#contract/manifest.ts'
import { flagStatusesOf } from '../catalog/flags.ts'
import { manifestOf, resolveTarget } from '../catalog/resolve-target.ts'
import type { ResolvedKernel } from '../catalog/types.ts'
import { failureOf } from './evidence.ts'
import { deviceOfRun, noteFindings, withdrawFailed } from './note-findings.ts'
import type { ProofPlace } from './proof-place.ts'
import type { RunContext } from './types.ts'

/**
 * How the proofs end of which a run crashed or hung, by the kernel's own doing. Flags that need the run have failed: that
 * is noted, and what was proven of them is taken back. What the others are is not known, and stays. In the order of flags.
 */
export function crashedProof(context: RunContext, place: ProofPlace, error: LabError): Result<ProofReport>[] {
  const { flags, needing, variant, isDry, sourceHash, entryHash } = place
  const unknown = (flag: Flag): Result<ProofReport> =>
    fail({ ...error, message: `ended before it came to ${flag}, on ${place.shape}: ${error.message}` })
  const kernel = resolveTarget(context.workspace, { kind: 'variant', id: variant })
  if (!kernel.ok || kernel.value.sourceHash !== sourceHash || kernel.value.entryHash !== entryHash)
    return flags.map(unknown)
  const { shape, seed, tier } = place
  const way = tier === undefined ? {} : { tier }
  const detail = error.message.replaceAll(`${context.workspace.root}/`, '')
  const gate: GateResult = { gate: 'run', passed: false, shape, seed, detail, ...way }
  const subject = { kernel: kernel.value }
  const failed = needing.map((flag): ProofReport => {
    const state = stateNow(context, subject.kernel, flag)
    return { variant, flag, state, failures: [failureOf(gate)], gates: [gate] }
  })
  noteFindings(context, subject, { reports: new Map(failed.map((report) => [report.flag, ok(report)])), isDry })
  const kept = isDry ? ok(failed) : withdrawFailed(context, subject, failed)
  return flags.map((flag) => {
    if (!needing.includes(flag)) return unknown(flag)
    const report = kept.ok ? kept.value.find((one) => one.flag === flag) : undefined
    return report ? ok(report) : kept.ok ? unknown(flag) : kept
  })
}

/** The state of a flag as its evidence and the findings are now. */
export function stateNow(context: RunContext, { variant }: ResolvedKernel, flag: Flag): ProofReport['state'] {
  const reading = manifestOf(context.workspace)
  if (!reading.ok || !variant) return 'off'
  const statuses = flagStatusesOf(context.workspace, { reading: reading.value, variant }, deviceOfRun(context))
  return statuses.find((status) => status.flag === flag)?.state ?? 'off'
}
