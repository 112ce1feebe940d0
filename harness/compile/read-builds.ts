import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { ModuleHandle } from '../bridge/module-handle.ts'
import { rejectReason } from '../catalog/filter.ts'
import type { LintOptions } from '../catalog/lint.ts'
import { launchRefusal, planLaunch } from '../catalog/plan-launch.ts'
import { manifestOf, resolveVariant } from '../catalog/resolve-target.ts'
import type { LaunchPlan, ResolvedKernel } from '../catalog/types.ts'
import type { Workspace } from '../catalog/workspace.ts'
import { shapesOfWorkspace } from '../catalog/workspace-shapes.ts'

const keyOf = ({ path }: ResolvedKernel, { entry, constants }: LaunchPlan) => JSON.stringify([path, entry, constants])

/** Every enabled variant with one launch of each of its builds that a listed shape reaches. */
function* buildsOf(workspace: Workspace): Generator<{ kernel: ResolvedKernel; plan: LaunchPlan; key: string }> {
  const reading = manifestOf(workspace)
  const { shapes } = shapesOfWorkspace(workspace)
  const seen = new Set<string>()
  for (const variant of reading.ok ? reading.value.variants : []) {
    const kernel = resolveVariant(workspace, variant)
    if (!variant.enabled || !kernel.ok || kernel.value.usesDeviceBaseline) continue
    for (const { shape } of shapes) {
      if (rejectReason(variant, shape) !== null || launchRefusal(kernel.value, shape) !== null) continue
      const plan = planLaunch(kernel.value, shape)
      const key = plan.ok ? keyOf(kernel.value, plan.value) : ''
      if (!plan.ok || seen.has(key)) continue
      seen.add(key)
      yield { kernel: kernel.value, plan: plan.value, key }
    }
  }
}

/**
 * Builds what the variants of a workspace would run and reads which kernels there are and how much threadgroup memory
 * each build declares, for the linter to hold against the manifest and the device's limits. What does not build is left
 * to the rules that read text: compiling says why.
 */
export async function readBuilds(device: DeviceHandle, workspace: Workspace): Promise<LintOptions> {
  const modules = new Map<string, ModuleHandle | null>()
  const bytes = new Map<string, number>()
  const entries = new Map<string, string[]>()
  try {
    for (const { kernel, plan, key } of buildsOf(workspace)) {
      const module = await moduleOf(device, modules, kernel)
      if (module?.report.ok)
        entries.set(
          kernel.path,
          module.report.entries.map(({ name }) => name),
        )
      const found = module && (await staticBytes(device, module, plan))
      if (found !== null) bytes.set(key, found)
    }
  } finally {
    for (const module of modules.values()) module?.destroy()
  }
  const { name, maxThreadgroupBytes, maxThreadsPerThreadgroup } = device.info
  const staticBytesOf = (kernel: ResolvedKernel, plan: LaunchPlan) => bytes.get(keyOf(kernel, plan)) ?? null
  return {
    device: { name, maxThreadgroupBytes, maxThreadsPerThreadgroup, staticBytesOf },
    entriesOf: (path) => entries.get(path) ?? null,
  }
}

async function moduleOf(
  device: DeviceHandle,
  known: Map<string, ModuleHandle | null>,
  { source, path, includeRoots }: ResolvedKernel,
): Promise<ModuleHandle | null> {
  const made = known.get(path)
  if (made !== undefined) return made
  const module = await device.createModule({ source, path, includeRoots, check: false })
  known.set(path, module.ok ? module.value : null)
  return module.ok ? module.value : null
}

/** A device that can watch a kernel knows its variables from that build; others say it of every build. */
async function staticBytes(device: DeviceHandle, module: ModuleHandle, plan: LaunchPlan): Promise<number | null> {
  const analyse = device.info.capabilities.includes('analyse')
  const op = await module.createOp({ entry: plan.entry, constants: plan.constants, analyse })
  if (!op.ok) return null
  const { staticThreadgroupBytes } = op.value.info
  op.value.destroy()
  return staticThreadgroupBytes
}
