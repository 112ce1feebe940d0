// What the host spends on one more dispatch, by device and submission mode: the slope of T(N) = α + βN, T being the time
// to build and hand over N dispatches without waiting for them. Run: npm run bench:overhead
import { modeSchema } from '#contract/row.ts'
import { shapeSchema } from '#contract/shape.ts'
import { perIteration } from '#harness/bench/measure.ts'
import { measureOverhead, type Overhead } from '#harness/bench/overhead.ts'
import { median } from '#harness/bench/statistics.ts'
import { type DeviceHandle, openDevice } from '#harness/bridge/device-handle.ts'
import { listDevices, loadNativeLibrary } from '#harness/bridge/native-library.ts'
import type { Dispatch } from '#harness/bridge/run.ts'
import { must } from '../device/contest.ts'

const source = `#include <metal_stdlib>
kernel void touch(device uint* out [[buffer(0)]], uint i [[thread_position_in_grid]]) { out[i] = i; }
`
const threads = 32
const groups = [1, 64]
const productSize = 64

function text(overhead: Overhead): string {
  if ('unresolved' in overhead) return overhead.unresolved
  const { value, low, high } = overhead.estimate
  return `${value.toFixed(0).padStart(8)} ns  (${low.toFixed(0)} to ${high.toFixed(0)})`
}

async function casesOf(device: DeviceHandle): Promise<[name: string, dispatch: Dispatch][]> {
  const module = must(await device.createModule({ source, path: '/touch.metal' }))
  const op = must(await module.createOp({ entry: 'touch' }))
  must(await op.settle())
  const buffer = (index: number, bytes: number) => ({ index, buffer: must(device.createBuffer({ bytes })) })
  const kernels = groups.map((count): [string, Dispatch] => [
    `kernel of ${count} threadgroup${count === 1 ? '' : 's'}`,
    { op, args: [buffer(0, count * threads * 4)], grid: [count, 1, 1], threads: [threads, 1, 1] },
  ])
  const shape = shapeSchema.parse({ m: productSize, n: productSize, k: productSize, dtype: 'f32' })
  const baseline = await device.createBaseline(shape)
  if (!baseline.ok) return kernels
  const args = [0, 1, 2].map((index) => buffer(index, productSize * productSize * 4))
  return [
    ...kernels,
    [`${device.info.baseline} ${productSize}³`, { op: baseline.value, args, grid: [1, 1, 1], threads: [1, 1, 1] }],
  ]
}

async function printDevice(device: DeviceHandle): Promise<void> {
  const { id, name, capabilities } = device.info
  console.log(`${id}: ${name}`)
  const modes = modeSchema.options.filter((mode) => mode === 'single' || capabilities.includes(mode))
  for (const [label, dispatch] of await casesOf(device)) {
    const arm = { sets: [[dispatch]], iterations: 1 }
    const warm = must(await device.run({ arms: [arm], mode: 'single', rounds: 20 }))
    const dispatchNs = [median(perIteration(warm, 'deviceNs'))]
    for (const mode of modes) {
      const [overhead] = must(await measureOverhead(device, { arms: [[dispatch]], mode, dispatchNs }))
      console.log(
        `  ${label.padEnd(26)} ${mode.padEnd(8)} ${overhead ? text(overhead) : 'takes too long to be repeated'}`,
      )
    }
  }
  const missing = modeSchema.options.filter((mode) => !modes.includes(mode))
  if (missing.length > 0) console.log(`  this device has no ${missing.join(' and no ')} submissions`)
}

const library = must(loadNativeLibrary())
for (const { id, unavailable } of listDevices(library)) {
  const device = unavailable ? null : must(openDevice(library, id))
  if (device) await printDevice(device)
  else console.log(`${id}: ${unavailable}`)
  device?.close()
}
