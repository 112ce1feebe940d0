import { fail, ok, type Result } from '#contract/error.ts'
import type { DevicePeaks } from '#contract/inspect.ts'
import { resolveTarget } from '../catalog/resolve-target.ts'
import { knownPeaks, measureDevicePeaks } from '../inspect/device-peaks.ts'
import { inspectDispatch } from '../inspect/inspect-dispatch.ts'
import { effectiveShape } from '../verify/operands.ts'
import type { HostContext } from './context.ts'
import type { HostHandlers } from './handlers.ts'
import { powerState } from './power.ts'
import { openRun } from './run-handlers.ts'

/** What a launch is, and what the device could do at most. */
export function inspectHandlers(context: HostContext): Pick<HostHandlers, 'dispatch.inspect' | 'device.peaks'> {
  return {
    'dispatch.inspect': async ({ target, shape, device: id }) => {
      const workspace = context.workspace()
      if (!workspace.ok) return workspace
      const kernel = resolveTarget(workspace.value, target)
      if (!kernel.ok) return kernel
      const device = context.devices.device(id, 'check')
      if (!device.ok) return device
      return inspectDispatch({
        kernel: kernel.value,
        // As for every run: a kernel has one element type, whatever the form says.
        shape: effectiveShape({ ...shape, dtype: kernel.value.dtype }),
        device: device.value,
        peaks: knownPeaks(id),
      })
    },
    'device.peaks': ({ device: id }) =>
      new Promise((resolve) => {
        context.runs.start(async ({ signal }) => {
          resolve(await answer(() => measure(context, id, signal)))
          context.leaveIfLost()
        })
      }),
  }
}

async function measure(context: HostContext, id: string, signal: AbortSignal): Promise<Result<DevicePeaks | null>> {
  const run = openRun(context, id)
  return run.ok ? measureDevicePeaks(run.value.device, { power: powerState(), signal }) : run
}

async function answer(work: () => Promise<Result<DevicePeaks | null>>): Promise<Result<{ peaks: DevicePeaks | null }>> {
  try {
    const peaks = await work()
    return peaks.ok ? ok({ peaks: peaks.value }) : peaks
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return fail({ kind: 'internal', message: `the peaks could not be measured: ${message}` })
  }
}
