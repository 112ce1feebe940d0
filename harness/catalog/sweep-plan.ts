import type { Result } from '#contract/error.ts'
import { ok } from '#contract/error.ts'
import { type Gap, type Layout, otherLayout, type Row } from '#contract/row.ts'
import type { Dtype, ListedShape, Shape } from '#contract/shape.ts'
import { type CurrentDevice, noDevice } from './current-device.ts'
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
  /** As of a row. */
  layout?: Layout
  /** Equal for runs of one variant that are the same compiled code: the entry and its function constants. */
  build: string
  /** As in a row's identity; '' of what cannot be driven. */
  sourceHash: string
  entryHash: string
  /** Set when the run will be a row of status unsupported or invalid: no library, no launch, a wrong formula. */
  problem?: string
}

/** One pair of the matrix: a run, or a gap with its reason. Positions are those in SweepPlan.variants and the shapes given. */
export type PlannedPair = { variant: number; shape: number } & (
  | { run: PlannedRun; gap?: undefined }
  | { gap: string; run?: undefined }
)

/** A variant of a sweep. */
export interface PlannedVariant {
  id: string
  backend: string
  dtype: Dtype
}

/** What a sweep runs, and what it leaves out with the reason. */
export interface SweepPlan {
  variants: PlannedVariant[]
  /** Variants in the manifest's order, the shapes of each in the order given. */
  pairs: PlannedPair[]
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
  query: {
    reading: ManifestReading
    shapes: readonly ListedShape[]
    glob?: string | undefined
    /** Which of the variants that match the glob; absent: all. */
    takes?: (variant: { id: string; backend: string; name: string }) => boolean
    /** What evidence is compared with; absent: nothing counts as proven. */
    device?: CurrentDevice | undefined
  },
): Result<SweepPlan> {
  const { reading, shapes, glob = '*', takes = () => true, device = noDevice } = query
  const plan: SweepPlan = { variants: [], pairs: [], rows: [], gaps: [], counts: { run: 0, gap: 0 } }
  const sources = new KernelSources()
  for (const variant of reading.variants) {
    if (variant.enabled && matchesVariant(glob, variant) && takes(variant))
      planVariant(workspace, { plan, reading, variant, shapes, sources, device })
  }
  for (const { id, reason, isEnabled } of reading.invalid) {
    const [backend = '', name = ''] = splitId(id)
    if (!isEnabled || !matchesVariant(glob, { id, backend, name }) || !takes({ id, backend, name })) continue
    plan.variants.push({ id, backend, dtype: 'f16' })
    for (const [at, { shape }] of shapes.entries()) addGap(plan, { at, variant: id, shape, reason })
  }
  plan.counts = { run: plan.rows.length, gap: plan.gaps.length }
  return ok(plan)
}

function splitId(id: string): [string, string] {
  const at = id.indexOf('/')
  return [id.slice(0, at), id.slice(at + 1)]
}

/** A gap of the variant added last. */
function addGap(plan: SweepPlan, { at, ...gap }: Gap & { at: number }): void {
  plan.gaps.push(gap)
  plan.pairs.push({ variant: plan.variants.length - 1, shape: at, gap: gap.reason })
}

function planVariant(
  workspace: Workspace,
  item: {
    plan: SweepPlan
    reading: ManifestReading
    variant: ManifestVariant
    shapes: readonly ListedShape[]
    sources: KernelSources
    device: CurrentDevice
  },
): void {
  const { plan, reading, variant, shapes, sources, device } = item
  const statuses = flagStatusesOf(workspace, { reading, variant, sources }, device)
  const kernel = resolveVariant(workspace, variant, { sources })
  plan.variants.push({ id: variant.id, backend: variant.backend, dtype: kernel.ok ? kernel.value.dtype : 'f16' })
  for (const [at, listed] of shapes.entries()) {
    const shape =
      kernel.ok && !kernel.value.usesDeviceBaseline && !listed.hasDtype
        ? { ...listed.shape, dtype: kernel.value.dtype }
        : listed.shape
    const reason = rejectReason(variant, shape) ?? (kernel.ok ? declaredRefusal(kernel.value, shape) : null)
    if (reason !== null) {
      addGap(plan, { at, variant: variant.id, shape, reason })
      continue
    }
    const launch = kernel.ok ? planLaunch(kernel.value, shape) : kernel
    const layout = otherLayout(shape, variant.transposeBOverride)
    const entry = kernel.ok ? kernel.value.entryFor(shape) : ''
    const run: PlannedRun = {
      variant: variant.id,
      shape,
      claim: claimOf(statuses, { variant: variant.id, shape }),
      entry,
      build: JSON.stringify([entry, launch.ok ? launch.value.constants : null]),
      sourceHash: kernel.ok ? kernel.value.sourceHash : '',
      entryHash: kernel.ok ? kernel.value.entryHash : '',
      ...(layout ? { layout } : {}),
      ...(launch.ok ? {} : { problem: launch.error.message }),
    }
    plan.rows.push(run)
    plan.pairs.push({ variant: plan.variants.length - 1, shape: at, run })
  }
}

/** A launch that the kernel declares may exclude shapes; one that the lab assumes for an old family may not. */
function declaredRefusal(kernel: ResolvedKernel, shape: Shape): string | null {
  const { origin } = launchBindingFor(kernel, shape)
  return origin === 'manifest' || origin === 'file' ? launchRefusal(kernel, shape) : null
}
