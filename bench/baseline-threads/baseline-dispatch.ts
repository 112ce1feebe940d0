import type { Shape } from '#contract/shape.ts'
import type { DeviceHandle } from '#harness/bridge/device-handle.ts'
import type { Dispatch } from '#harness/bridge/run.ts'
import { must } from '../device/contest.ts'

/** The device's own baseline of a shape, on operands that are all ¼. */
export async function baselineDispatch(device: DeviceHandle, shape: Shape): Promise<Dispatch> {
  const isHalf = shape.dtype === 'f16'
  const bytes = isHalf ? 2 : 4
  const { m, n, k } = shape
  const args = [m * k, k * n, m * n].map((elements, index) => {
    const buffer = must(device.createBuffer({ bytes: elements * bytes }))
    must(buffer.fill(isHalf ? 0x3400n : 0x3e800000n, bytes))
    return { index, buffer }
  })
  return { op: must(await device.createBaseline(shape)), args, grid: [1, 1, 1], threads: [1, 1, 1] }
}
