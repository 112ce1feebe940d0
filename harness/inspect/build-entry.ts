import type { LabError } from '#contract/error.ts'
import type { DispatchReport } from '#contract/inspect.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { ModuleHandle } from '../bridge/module-handle.ts'
import type { LaunchPlan, ResolvedKernel } from '../catalog/types.ts'

interface Built {
  build: DispatchReport['build']
  /** Bytes of threadgroup memory that the kernel declares itself; null without a build. */
  declared: number | null
}

const failed = (error: LabError): Built => ({ build: { isOk: false, error }, declared: null })
const known = (value: number) => (value < 0 ? null : value)

/** Builds the entry that a launch runs, with its constants, to ask what it takes. Nothing is run. */
export async function buildEntry(device: DeviceHandle, kernel: ResolvedKernel, plan: LaunchPlan): Promise<Built> {
  const { source, path, includeRoots } = kernel
  const module = await device.createModule({ source, path, includeRoots, check: false })
  if (!module.ok) return failed(module.error)
  try {
    return await buildOp(device, module.value, plan)
  } finally {
    module.value.destroy()
  }
}

async function buildOp(device: DeviceHandle, module: ModuleHandle, { entry, constants }: LaunchPlan): Promise<Built> {
  const { report } = module
  if (!report.ok) {
    const first = report.diagnostics.find(({ severity }) => severity === 'error')
    const message = first
      ? `${first.file}:${first.line}:${first.column}: ${first.message}`
      : 'the source did not compile'
    return failed({ kind: 'compile', message, diagnostics: report.diagnostics })
  }
  // A device that can watch a kernel knows its variables from that build; others say it of every build.
  const analyse = device.info.capabilities.includes('analyse')
  const op = await module.createOp({ entry, constants, analyse })
  if (!op.ok) return failed(op.error)
  const { maxThreads, registers, spillBytes, staticThreadgroupBytes } = op.value.info
  op.value.destroy()
  return {
    build: { isOk: true, maxThreads, registers: known(registers), spillBytes: known(spillBytes) },
    declared: staticThreadgroupBytes,
  }
}
