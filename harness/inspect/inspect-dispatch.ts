import { fail, ok, type Result } from '#contract/error.ts'
import type { DevicePeaks, DispatchReport, Quantity } from '#contract/inspect.ts'
import type { Formula } from '#contract/launch.ts'
import type { Shape } from '#contract/shape.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import { unclaimedNote } from '../catalog/filter.ts'
import { launchBindingFor, planLaunch } from '../catalog/plan-launch.ts'
import { operandBytes } from '../catalog/shape-names.ts'
import type { LaunchBinding, LaunchPlan, ResolvedKernel } from '../catalog/types.ts'
import { readsOutput } from '../verify/operands.ts'
import { bindingTexts } from './binding-texts.ts'
import { buildEntry } from './build-entry.ts'
import { estimateAll } from './occupancy.ts'
import { groupsOf, tilingOf } from './tiling.ts'

/** What is inspected, and on what. */
export interface InspectRequest {
  kernel: ResolvedKernel
  shape: Shape
  /** A handle on which compiling does not wait for runs. */
  device: DeviceHandle
  peaks: DevicePeaks | null
}

const text = (formula: Formula | undefined) => String(formula ?? 1)
const product = (values: readonly number[]) => values.reduce((all, value) => all * value, 1)

function gridOf({ launch }: LaunchBinding, plan: LaunchPlan): Quantity[] {
  const groups = groupsOf(plan)
  return groups.map((value, axis) => {
    const formula = text((launch.gridThreads ?? launch.threadgroups)?.[axis])
    if (!plan.gridIsThreads) return { value, formula }
    return { value, formula: `⌈${formula} = ${plan.grid[axis]} threads ÷ ${plan.threads[axis]}⌉` }
  })
}

/** Sizes of a threadgroup and of all of them. */
function sizesOf(plan: LaunchPlan, simdWidth: number) {
  const groups = groupsOf(plan)
  const threads = product(plan.threads)
  const simdgroups = Math.ceil(threads / simdWidth)
  const count = product(groups)
  return {
    threadgroups: { value: count, formula: groups.join(' × ') },
    threadsPerGroup: { value: threads, formula: plan.threads.join(' × ') },
    simdgroupsPerGroup: { value: simdgroups, formula: `⌈${threads} threads ÷ ${simdWidth} lanes⌉` },
    emptyLanes: {
      value: simdgroups * simdWidth - threads,
      formula: `${simdgroups} simdgroups × ${simdWidth} lanes − ${threads} threads`,
    },
    totalThreads: plan.gridIsThreads
      ? { value: product(plan.grid), formula: plan.grid.join(' × ') }
      : { value: count * threads, formula: `${count} threadgroups × ${threads} threads` },
  }
}

/** What no kernel can do without. */
function workOf(shape: Shape): Pick<DispatchReport, 'flops' | 'compulsoryBytes' | 'intensity'> {
  const { m, n, k, batch } = shape
  const { a, b, c, bias } = operandBytes(shape)
  const flops = 2 * m * n * k * batch
  const bytes = a + b + bias + (readsOutput(shape) ? 2 * c : c)
  const output = readsOutput(shape) ? `C read and written 2 × ${c}` : `C ${c}`
  return {
    flops: { value: flops, formula: `2 × ${m} × ${n} × ${k}${batch > 1 ? ` × ${batch} batches` : ''}` },
    compulsoryBytes: {
      value: bytes,
      formula: `A ${a} + B ${b} + ${output}${bias > 0 ? ` + bias ${bias}` : ''} bytes`,
    },
    intensity: { value: flops / bytes, formula: `${flops} operations ÷ ${bytes} bytes` },
  }
}

/** What a device would refuse about a launch. */
function problemsOf(
  { info }: DeviceHandle,
  need: { threads: number; bytes: number; build: DispatchReport['build'] },
): string[] {
  const most = need.build.isOk
    ? Math.min(need.build.maxThreads, info.maxThreadsPerThreadgroup)
    : info.maxThreadsPerThreadgroup
  return [
    ...(need.threads > most ? [`${need.threads} threads in a threadgroup: at most ${most} are possible`] : []),
    ...(need.bytes > info.maxThreadgroupBytes
      ? [`${need.bytes} bytes of threadgroup memory: the device has ${info.maxThreadgroupBytes}`]
      : []),
  ]
}

/**
 * Everything that is known about a launch without running it. `unsupported` when the launch declaration excludes the shape,
 * or there is no launch: the device's own library. A kernel that does not compile is a report whose `build` says so.
 */
export async function inspectDispatch({
  kernel,
  shape,
  device,
  peaks,
}: InspectRequest): Promise<Result<DispatchReport>> {
  if (kernel.usesDeviceBaseline)
    return fail({ kind: 'unsupported', message: `${kernel.id} is the device's own library: its launch is its own` })
  const planned = planLaunch(kernel, shape)
  if (!planned.ok) return planned
  const plan = planned.value
  const binding = launchBindingFor(kernel, shape)
  const { build, declared } = await buildEntry(device, kernel, plan)
  const sizes = sizesOf(plan, device.info.simdWidth)
  const dynamic = plan.threadgroupMemory.reduce((all, { bytes }) => all + bytes, 0)
  const need = { threads: sizes.threadsPerGroup.value, bytes: dynamic + (declared ?? 0) }
  const tiling = tilingOf({ kernel, shape, plan })
  const note = unclaimedNote(kernel.variant, shape)
  const registers = build.isOk && device.info.kind === 'cuda' ? build.registers : null
  return ok({
    variant: kernel.id,
    entry: plan.entry,
    device: device.info.id,
    shape,
    ...(note === undefined ? {} : { note }),
    origin: binding.origin === 'baseline' ? 'manifest' : binding.origin,
    grid: gridOf(binding, plan),
    threads: plan.threads.map((value, axis) => ({ value, formula: text(binding.launch.threads[axis]) })),
    ...sizes,
    maxThreadsPerGroup: device.info.maxThreadsPerThreadgroup,
    threadgroupBytes: {
      dynamic: {
        value: dynamic,
        formula: binding.launch.threadgroupMemory.map(({ bytes }) => text(bytes)).join(' + ') || 'none handed over',
      },
      declared,
      limit: device.info.maxThreadgroupBytes,
    },
    build,
    constants: plan.constants.map(({ name, index, value }) => ({ name: name ?? `constant ${index}`, value })),
    bindings: bindingTexts(binding.launch, plan, shape),
    ...(typeof tiling === 'string' ? { tiling: null, tilingMissing: tiling } : { tiling }),
    ...workOf(shape),
    peaks,
    occupancy: estimateAll({ ...need, registers, groups: sizes.threadgroups.value }),
    problems: problemsOf(device, { ...need, build }),
  })
}
