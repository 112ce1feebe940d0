// What watching a kernel with every check costs beside running it on fibers: processor time of the whole process on both
// sides, one OS thread, interleaved rounds, the median of the ratios. Run: npm run bench -- analyse-overhead
import { join } from 'node:path'
import { shapeSchema } from '#contract/shape.ts'
import { analyseDispatch } from '#harness/analyse/analyse-dispatch.ts'
import { type DeviceHandle, openDevice } from '#harness/bridge/device-handle.ts'
import { loadNativeLibrary } from '#harness/bridge/native-library.ts'
import { resolveTarget } from '#harness/catalog/resolve-target.ts'
import { Workspace } from '#harness/catalog/workspace.ts'
import { KernelOps } from '#harness/verify/kernel-ops.ts'
import { OperandBuffers } from '#harness/verify/operand-buffers.ts'
import { createOperands } from '#harness/verify/operands.ts'
import { must } from '../device/contest.ts'
import { median } from '../statistics.ts'

const goal = 25
const rounds = 5
const fiberMs = 300 // what a fiber sample should take
const checks = ['bounds', 'races', 'uninitialised', 'barriers', 'counters'] as const
const kernels = [
  { target: 'm1_dot_product.metal:m1_dot_product', tB: true },
  { target: 'sgemm_naive.metal:sgemm_naive' },
  { target: 'sgemm_coalescing.metal:sgemm_coalescing' },
  { target: 'sgemm_shared_mem_block.metal:sgemm_shared_mem_block' },
  { target: 'sgemm_tiled_simd.metal:sgemm_tiled_simd1' },
  { target: 'sgemm_tiled_simd.metal:sgemm_tiled_simd2' },
  { target: 'sgemm_tiled_simd.metal:sgemm_tiled_simd4' },
  { target: 'sgemm_tiled_simd.metal:sgemm_tiled_simd8' },
]

const workspace = must(Workspace.open(join(import.meta.dirname, '..', '..')))
const device = must(openDevice(must(loadNativeLibrary()), 'cpu', { threads: '1', tier: 'fiber' }))

async function cpuMs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

async function runOnFibers(on: DeviceHandle, dispatch: Parameters<typeof analyseDispatch>[1], iterations: number) {
  must(await on.run({ arms: [{ sets: [[dispatch]], iterations }], mode: 'single', rounds: 1, timeoutNs: 120e9 }))
}

/** Milliseconds of one dispatch on either side, round by round. */
async function compare({ target, tB = false }: (typeof kernels)[number]) {
  const kernel = must(resolveTarget(workspace, target, { mayBeOutside: true }))
  const shape = shapeSchema.parse({ m: 128, n: 128, k: 128, tB, dtype: kernel.dtype })
  const operands = await createOperands(shape, { data: 'random', seed: 1 })
  const buffers = new OperandBuffers(device, operands)
  const plain = new KernelOps(device, kernel)
  const watched = new KernelOps(device, kernel, { isAnalysed: true })
  try {
    const { dispatch } = must(buffers.bind(must(await plain.open(shape))))
    const { dispatch: analysed } = must(buffers.bind(must(await watched.open(shape))))
    const analyse = async () => void must(await analyseDispatch(device, analysed, { checks, schedule: 0 }))
    await analyse()
    await runOnFibers(device, dispatch, 1)
    const once = await cpuMs(() => runOnFibers(device, dispatch, 1))
    const iterations = Math.max(1, Math.min(400, Math.round(fiberMs / once)))
    const times: { fiber: number; watched: number }[] = []
    for (let round = 0; round < rounds; round++) {
      const fiber = (await cpuMs(() => runOnFibers(device, dispatch, iterations))) / iterations
      times.push({ fiber, watched: await cpuMs(analyse) })
    }
    return times
  } finally {
    plain.destroy()
    watched.destroy()
    buffers.destroy()
  }
}

const ratios: number[] = []
for (const one of kernels) {
  const times = await compare(one)
  const each = times.map(({ fiber, watched }) => watched / fiber)
  ratios.push(median(each))
  const ms = (side: 'fiber' | 'watched') => median(times.map((time) => time[side])).toFixed(2)
  console.log(
    `${one.target}: ${median(each).toFixed(1)} (${Math.min(...each).toFixed(1)} to ${Math.max(...each).toFixed(1)}); ` +
      `fiber ${ms('fiber')} ms, watched ${ms('watched')} ms of processor time`,
  )
}
device.close()
console.log(`most: ${Math.max(...ratios).toFixed(1)} times fiber at 128x128x128, ${rounds} rounds (goal ≤ ${goal})`)
