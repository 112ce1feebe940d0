import type { Shape } from '#contract/shape.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { ResolvedKernel } from '../catalog/types.ts'
import { KernelOps } from '../verify/kernel-ops.ts'

/** A kernel to compile for a shape. */
export interface KernelToPrepare {
  kernel: ResolvedKernel
  shape: Shape
  tier: string | undefined
}

/**
 * Compiles kernels ahead, on several handles of one device at once, every build of each: compiling them again on any
 * handle then takes milliseconds. Resolves when nothing of it is at work any more, so that what is timed afterwards is
 * not disturbed. What does not compile is for its own run to say.
 */
export async function prepareKernels(
  devices: readonly DeviceHandle[],
  kernels: readonly KernelToPrepare[],
  signal: AbortSignal,
): Promise<void> {
  const waiting = [...kernels]
  const cancel = () => {
    waiting.length = 0
    for (const device of devices) device.cancel()
  }
  signal.addEventListener('abort', cancel)
  try {
    const workers = signal.aborted ? [] : devices
    await Promise.all(
      workers.map(async (device) => {
        for (let next = waiting.shift(); next; next = waiting.shift()) await prepareOne(device, next)
      }),
    )
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

async function prepareOne(device: DeviceHandle, { kernel, shape, tier }: KernelToPrepare): Promise<void> {
  const ops = new KernelOps(device, kernel, { tier })
  // open() waits until the faster builds, which are made in the background, are there too.
  await ops.open({ ...shape, dtype: kernel.dtype })
  if (!device.isLost) ops.destroy()
}
