import type { Row } from '#contract/row.ts'
import { currentDevice } from '../catalog/current-device.ts'
import { rejectReason } from '../catalog/filter.ts'
import { claimOf, flagStatusesOf } from '../catalog/flags.ts'
import { manifestOf, resolveVariant } from '../catalog/resolve-target.ts'
import type { RunSession } from '../verify/session.ts'
import type { RunContext } from '../verify/types.ts'

/**
 * What stands behind a run's shape in the manifest: `proven` when every flag it needs is, `none` when it needs none,
 * when the manifest does not claim the shape, or when a bare entry runs. Unsaved text is never proven, nor is a build
 * (`ran`, once it is known) that no shape was proven in.
 */
export function claimOfRun(
  context: RunContext,
  { kernel, shape, ops }: RunSession,
  ran?: { tier: string; flags: string },
): Row['claim'] {
  const { variant } = kernel
  if (!variant || rejectReason(variant, shape) !== null) return 'none'
  const reading = manifestOf(context.workspace)
  if (!reading.ok) return 'none'
  const { workspace, device } = context
  const statuses = flagStatusesOf(
    workspace,
    { reading: reading.value, variant },
    { ...currentDevice({ ...device.info, tiers: device.tiers }), compiler: ops.compiler, ...(ran ? { ran } : {}) },
  )
  const claim = claimOf(statuses, { variant: variant.id, shape })
  const saved = claim === 'proven' ? resolveVariant(workspace, variant) : null
  return saved?.ok && saved.value.sourceHash !== kernel.sourceHash ? 'claimed' : claim
}
