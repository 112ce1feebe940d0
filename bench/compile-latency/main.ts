// What compiling costs, warm: kernels of 150 lines that no cache knows, through the library as the harness calls it.
// Diagnostics alone, source → first dispatch done, and the same source again; for the resident compiler and for one
// process a compile, interleaved. Run: npm run bench -- compile-latency [--rounds N] [--compiler auto,spawned]
import { parseArgs } from 'node:util'
import type { Result } from '#contract/error.ts'
import { type DeviceHandle, openDevice } from '#harness/bridge/device-handle.ts'
import { loadNativeLibrary } from '#harness/bridge/native-library.ts'
import { quantile } from '../statistics.ts'
import { brokenMember, type Family, families, member } from './kernel-family.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, compiler: { type: 'string', default: 'auto,spawned' } },
})
const rounds = Number(values.rounds)
const goalsMs = {
  diagnostics: 150,
  'diagnostics of an error': 150,
  'source to first dispatch': 300,
  'cached repeat': 20,
}
type Metric = keyof typeof goalsMs

function must<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new Error(result.error.message)
}

const size = 64
const sizes = new Uint8Array(32)
new Uint32Array(sizes.buffer, 0, 6).fill(size)
new Float32Array(sizes.buffer, 24, 2).set([1, 0])

async function diagnose(device: DeviceHandle, source: string, expected: boolean): Promise<void> {
  const module = must(await device.createModule({ source, path: 'family.metal' }))
  if (module.report.ok !== expected) throw new Error(JSON.stringify(module.report.diagnostics))
  module.destroy()
}

async function dispatch(device: DeviceHandle, family: Family, source: string): Promise<void> {
  const module = must(await device.createModule({ source, path: 'family.metal', check: false }))
  const op = must(await module.createOp({ entry: 'family_kernel' }))
  const buffers = [0, 1, 2, 3].map((index) => ({
    index,
    buffer: must(device.createBuffer({ bytes: size * size * 4 })),
  }))
  const args = [...buffers, { index: 4, bytes: sizes }]
  const once = { op, args, grid: [1, 1, 1] as const, threads: family.threads }
  must(await device.run({ arms: [{ sets: [[once]], iterations: 1 }], mode: 'single', rounds: 1 }))
  for (const { buffer } of buffers) buffer.destroy()
  op.destroy()
  module.destroy()
}

/** One way of running the compiler, and what was measured with it. */
interface Side {
  compiler: string
  device: DeviceHandle
  times: Record<Metric, number[]>
}

async function round({ device, times }: Side, salt: number): Promise<void> {
  const timed = async (metric: Metric, work: () => Promise<void>) => {
    const start = performance.now()
    await work()
    times[metric].push(performance.now() - start)
  }
  for (const family of families) {
    await timed('diagnostics', () => diagnose(device, member(family, salt), true))
    await timed('diagnostics of an error', () => diagnose(device, brokenMember(family, salt + 0.25), false))
    const source = member(family, salt + 0.5)
    await timed('source to first dispatch', () => dispatch(device, family, source))
    await timed('cached repeat', () => dispatch(device, family, source))
  }
}

const noTimes = () => Object.fromEntries(Object.keys(goalsMs).map((metric) => [metric, [] as number[]]))
const library = must(loadNativeLibrary())
const sides = values.compiler.split(',').map((compiler) => {
  const device = must(openDevice(library, 'cpu', { compiler }))
  return { compiler, device, times: noTimes() as Side['times'] }
})
let salt = Date.now() % 1e9
for (let number = -2; number < rounds; number++) {
  if (number === 0) for (const side of sides) side.times = noTimes() as Side['times']
  for (const side of sides) await round(side, salt++)
}
for (const { device } of sides) device.close()

const lines = families.map(({ text }) => text.split('\n').length - 1).join(', ')
console.log(`p50 / p95 of ${rounds} rounds of ${families.length} kernels (${lines} lines), ms`)
for (const metric of Object.keys(goalsMs) as Metric[]) {
  const at = (side: Side, q: number) => quantile(side.times[metric], q)
  const cells = sides.map((side) => `${side.compiler} ${at(side, 0.5).toFixed(1)} / ${at(side, 0.95).toFixed(1)}`)
  const [first, second] = sides
  const ratio = first && second ? `, ratio of p50 ${(at(first, 0.5) / at(second, 0.5)).toFixed(2)}` : ''
  console.log(`  ${metric}: ${cells.join(', ')}${ratio} (goal p95 ≤ ${goalsMs[metric]})`)
}
