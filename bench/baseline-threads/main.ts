// Whether the baseline of the cpu device, OpenBLAS cut among the device's own threads, is as fast as OpenBLAS on threads
// of its own. The two take turns, and pause in between until the threads of OpenBLAS no longer spin.
// Run: npm run bench -- baseline-threads
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import koffi from 'koffi'
import { formatShape, type Shape } from '#contract/shape.ts'
import { perIteration } from '#harness/bench/measure.ts'
import { median } from '#harness/bench/statistics.ts'
import { compareArms } from '#harness/bench/verdict.ts'
import { type DeviceHandle, openDevice } from '#harness/bridge/device-handle.ts'
import { loadNativeLibrary } from '#harness/bridge/native-library.ts'
import type { Dispatch } from '#harness/bridge/run.ts'
import { parseShape } from '#harness/catalog/shape-text.ts'
import { must } from '../device/contest.ts'
import { baselineDispatch } from './baseline-dispatch.ts'

const rounds = 30
const sampleMs = 10
const pauseMs = 60
const shapes = [
  'm=1,n=896,k=896',
  'm=1,n=1152,k=896',
  'm=1,n=9728,k=896',
  'm=1,n=896,k=4864',
  'm=64,n=896,k=896',
  'm=512,n=896,k=896',
]
const [rowMajor, noTranspose, transpose] = [101, 111, 112]

const places = [
  process.env.KLAB_OPENBLAS,
  '/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0',
  '/usr/lib/aarch64-linux-gnu/openblas-pthread/libopenblas.so.0',
  '/usr/lib64/libopenblasp.so.0',
  '/opt/homebrew/opt/openblas/lib/libopenblas.dylib',
]
const path = places.find((place) => place && existsSync(place))
if (!path) throw new Error('no OpenBLAS found: name its file in KLAB_OPENBLAS')
const blas = koffi.load(path)
const setThreads = blas.func('void openblas_set_num_threads(int)')
const sgemv = blas.func('void cblas_sgemv(int, int, int, int, float, float*, int, float*, int, float, float*, int)')
const sgemm = blas.func(
  'void cblas_sgemm(int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int)',
)

/** The same product in float by OpenBLAS itself. */
function ownProduct({ m, n, k, tB }: Shape): () => void {
  const [a, b, c] = [m * k, k * n, m * n].map((elements) => new Float32Array(elements).fill(0.25))
  if (m > 1) {
    const order = tB ? transpose : noTranspose
    return () => sgemm(rowMajor, noTranspose, order, m, n, k, 1, a, k, b, tB ? k : n, 0, c, n)
  }
  if (tB) return () => sgemv(rowMajor, noTranspose, n, k, 1, b, k, a, 1, 0, c, 1)
  return () => sgemv(rowMajor, transpose, k, n, 1, b, n, a, 1, 0, c, 1)
}

/** Time of one call: of `calls` in a row, after one that wakes the threads. */
function timeOwn(product: () => void, threads: number, calls: number): number {
  setThreads(threads)
  product()
  const start = process.hrtime.bigint()
  for (let i = 0; i < calls; i++) product()
  return Number(process.hrtime.bigint() - start) / calls
}

async function timeBaseline(device: DeviceHandle, dispatch: Dispatch, iterations: number): Promise<number> {
  const arm = (count: number) => ({ sets: [[dispatch]], iterations: count })
  const samples = must(await device.run({ arms: [arm(1), arm(iterations)], mode: 'batched', rounds: 1 }))
  return perIteration(samples, 'deviceNs')[1]!
}

async function compare(device: DeviceHandle, shape: Shape, threads: number): Promise<string> {
  const [float, half] = await Promise.all([
    baselineDispatch(device, { ...shape, dtype: 'f32' }),
    baselineDispatch(device, { ...shape, dtype: 'f16' }),
  ])
  const own = ownProduct(shape)
  const calls = Math.max(Math.round((sampleMs * 1e6) / timeOwn(own, threads, 3)), 1)
  const [floatNs, halfNs, ownNs]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < rounds; round++) {
    const turns = [
      async () => floatNs.push(await timeBaseline(device, float, calls)),
      async () => ownNs.push(timeOwn(own, threads, calls)),
      async () => halfNs.push(await timeBaseline(device, half, calls)),
    ]
    if (Math.random() < 0.5) turns.reverse()
    for (const turn of turns) {
      await turn()
      await pause(pauseMs)
    }
  }
  const ratioText = (ns: readonly number[]) => {
    const { value, low, high } = compareArms(ns, ownNs, { roundsPerLot: 1 }).ratio
    return `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`
  }
  const best = (ns: readonly number[]) => `${(Math.min(...ns) / 1e3).toPrecision(4)} µs`
  return `| ${formatShape(shape).split(',batch')[0]} | ${(median(ownNs) / 1e3).toPrecision(4)} µs, at best ${best(ownNs)} | ${ratioText(floatNs)}, at best ${best(floatNs)} | ${ratioText(halfNs)}, at best ${best(halfNs)} |`
}

const device = must(openDevice(must(loadNativeLibrary()), 'cpu'))
try {
  const threads = device.info.coreCount
  console.log(`${device.info.baseline ?? 'no baseline'}; ${threads} threads; ${rounds} rounds`)
  console.log(
    '| shape | OpenBLAS on its own threads, f32 | baseline in f32 ÷ that | baseline in f16 ÷ that |\n|---|---:|---:|---:|',
  )
  for (const text of shapes)
    for (const tB of [0, 1]) console.log(await compare(device, must(parseShape(`${text},tB=${tB}`)), threads))
} finally {
  device.close()
}
