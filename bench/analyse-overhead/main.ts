// What watching a kernel with every check costs beside running it on fibers: processor time of the whole process on both
// sides, one OS thread, interleaved rounds, the median of the ratios. Run: npm run bench -- analyse-overhead, or
// node bench/analyse-overhead/main.ts [--write FILE] for a document.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
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
import { commit, loadNow, machine } from '../device/document.ts'
import { median } from '../statistics.ts'

const goal = 25
const rounds = 9
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
    const { dispatch } = must(await buffers.bind(must(await plain.open(shape))))
    const { dispatch: analysed } = must(await buffers.bind(must(await watched.open(shape))))
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

interface Row {
  kernel: string
  ratio: number
  range: string
  fiberMs: string
  watchedMs: string
}

async function measure(): Promise<Row[]> {
  const rows: Row[] = []
  for (const one of kernels) {
    const times = await compare(one)
    const each = times.map(({ fiber, watched }) => watched / fiber)
    const ms = (side: 'fiber' | 'watched') => median(times.map((time) => time[side])).toFixed(2)
    rows.push({
      kernel: one.target,
      ratio: median(each),
      range: `${Math.min(...each).toFixed(1)} to ${Math.max(...each).toFixed(1)}`,
      fiberMs: ms('fiber'),
      watchedMs: ms('watched'),
    })
  }
  return rows
}

function documentOf(rows: readonly Row[], start: Date, loadAtStart: number): string {
  const most = Math.max(...rows.map(({ ratio }) => ratio))
  const load = `Load average ${loadAtStart.toFixed(2)} at the start, ${loadNow().toFixed(2)} at the end (this measurement included).`
  return [
    `# What watching a kernel costs, ${start.toISOString().slice(0, 10)}`,
    '',
    `\`${['node bench/analyse-overhead/main.ts', ...process.argv.slice(2)].join(' ')}\` at commit ${commit()}, ${start.toISOString().slice(11, 16)} UTC.`,
    `${machine()}; ${device.info.driver}.`,
    load,
    '',
    `Processor time of one dispatch at 128x128x128 with every check (${checks.join(', ')}) ÷ that in the fiber tier, one OS`,
    `thread; the median of ${rounds} rounds, and the least and the most of them. Goal: at most ${goal}.`,
    '',
    '| kernel | watched ÷ fiber | least to most | fiber, ms | watched, ms |',
    '|---|---|---|---|---|',
    ...rows.map(
      (row) => `| ${row.kernel} | ${row.ratio.toFixed(1)} | ${row.range} | ${row.fiberMs} | ${row.watchedMs} |`,
    ),
    '',
    `Most: ${most.toFixed(1)} times fiber: ${most <= goal ? 'reached' : 'missed'}.`,
    '',
  ].join('\n')
}

const { values } = parseArgs({ options: { write: { type: 'string' } } })
const start = new Date()
const load = loadNow()
const document = documentOf(await measure(), start, load)
device.close()
if (values.write) writeFileSync(values.write, document)
console.log(document)
