import type { Result } from '#contract/error.ts'
import { ok } from '#contract/error.ts'
import type { Gap, Row } from '#contract/row.ts'
import type { ListedShape, Shape } from '#contract/shape.ts'
import { rejectReason } from './filter.ts'
import { claimOf, flagStatusesOf } from './flags.ts'
import { matchesVariant } from './glob.ts'
import { KernelSources } from './kernel-sources.ts'
import { launchBindingFor, launchRefusal, planLaunch } from './plan-launch.ts'
import { resolveVariant } from './resolve-target.ts'
import type { ManifestReading, ManifestVariant, ResolvedKernel } from './types.ts'
import type { Workspace } from './workspace.ts'

/** One variant on one shape that a sweep runs. */
export interface PlannedRun {
  variant: string
  shape: Shape
  /** Whether the flags that the shape needs are proven or only claimed. */
  claim: Row['claim']
  /** Entry point; '' for the device's own baseline. */
  entry: string
  /** Set when the run will be a row of status unsupported or invalid: no library, no launch, a wrong formula. */
  problem?: string
}

/** What a sweep runs, and what it leaves out with the reason. */
export interface SweepPlan {
  rows: PlannedRun[]
  gaps: Gap[]
  counts: { run: number; gap: number }
}

/**
 * Plans a sweep of the enabled variants that match a glob over shapes, in the manifest's order. A variant that the
 * format's rules, its `requires` or its declared launch reject is a gap; a disabled one is neither. A variant that
 * passes but cannot be driven is a run that fails, never a silent skip. A shape whose list names no element type is run
 * in the kernel's own.
 */
export function planSweep(
  workspace: Workspace,
  query: { reading: ManifestReading; shapes: readonly ListedShape[]; glob?: string | undefined },
): Result<SweepPlan> {
  const { reading, shapes, glob = '*' } = query
  const plan: SweepPlan = { rows: [], gaps: [], counts: { run: 0, gap: 0 } }
  const sources = new KernelSources()
  for (const variant of reading.variants) {
    if (variant.enabled && matchesVariant(glob, variant))
      planVariant(workspace, { plan, reading, variant, shapes, sources })
  }
  for (const { id, reason, isEnabled } of reading.invalid) {
    const [backend = '', name = ''] = splitId(id)
    if (isEnabled && matchesVariant(glob, { id, backend, name }))
      plan.gaps.push(...shapes.map(({ shape }) => ({ variant: id, shape, reason })))
  }
  plan.counts = { run: plan.rows.length, gap: plan.gaps.length }
  return ok(plan)
}

function splitId(id: string): [string, string] {
  const at = id.indexOf('/')
  return [id.slice(0, at), id.slice(at + 1)]
}

function planVariant(
  workspace: Workspace,
  item: {
    plan: SweepPlan
    reading: ManifestReading
    variant: ManifestVariant
    shapes: readonly ListedShape[]
    sources: KernelSources
  },
): void {
  const { plan, reading, variant, shapes, sources } = item
  const statuses = flagStatusesOf(workspace, { reading, variant, sources })
  const kernel = resolveVariant(workspace, variant, { sources })
  for (const listed of shapes) {
    const shape =
      kernel.ok && !kernel.value.usesDeviceBaseline && !listed.hasDtype
        ? { ...listed.shape, dtype: kernel.value.dtype }
        : listed.shape
    const reason = rejectReason(variant, shape) ?? (kernel.ok ? declaredRefusal(kernel.value, shape) : null)
    if (reason !== null) {
      plan.gaps.push({ variant: variant.id, shape, reason })
      continue
    }
    const claim = claimOf(statuses, { variant: variant.id, shape })
    const launch = kernel.ok ? planLaunch(kernel.value, shape) : kernel
    const entry = kernel.ok ? kernel.value.entryFor(shape) : ''
    plan.rows.push({
      variant: variant.id,
      shape,
      claim,
      entry,
      ...(launch.ok ? {} : { problem: launch.error.message }),
    })
  }
}

/** A launch that the kernel declares may exclude shapes; one that the lab assumes for an old family may not. */
function declaredRefusal(kernel: ResolvedKernel, shape: Shape): string | null {
  const { origin } = launchBindingFor(kernel, shape)
  return origin === 'manifest' || origin === 'file' ? launchRefusal(kernel, shape) : null
}
