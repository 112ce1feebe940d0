import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from '#contract/error.ts'
import type { BufferHandle } from '#harness/bridge/buffer-handle.ts'
import type { DeviceHandle } from '#harness/bridge/device-handle.ts'
import type { OpHandle } from '#harness/bridge/op-handle.ts'
import type { Arg, Dispatch } from '#harness/bridge/run.ts'
import type { Case } from './cases.ts'
import { magnitudeOf, operandsOf } from './operands.ts'

export const tiers = ['fiber', 'loop', 'leader', 'vector', 'auto'] as const
export type Tier = (typeof tiers)[number]

/** One side of the comparison on one case. */
export interface Arm {
  name: Tier | 'OpenBLAS'
  dispatch: Dispatch
  op: OpHandle
  c: BufferHandle
  dtype: Case['dtype']
}

/** A case on one device: its arms, and why a tier has none. */
export interface Contest {
  arms: Arm[]
  refusals: { tier: Tier; reason: string }[]
  end(): void
}

const root = join(import.meta.dirname, '..', '..')

/** The value of a result that a measurement cannot go on without. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

function bufferOf(device: DeviceHandle, data: ArrayBufferView): BufferHandle {
  const buffer = must(device.createBuffer({ bytes: data.byteLength }))
  must(buffer.write(data))
  return buffer
}

const bytesOfU32 = (value: number) => new Uint8Array(new Uint32Array([value]).buffer)
const bytesOfF32 = (value: number) => new Uint8Array(new Float32Array([value]).buffer)

async function openTier(device: DeviceHandle, one: Case, tier: Tier): Promise<Result<OpHandle>> {
  must(device.setOption('tier', tier))
  const path = join(root, one.file)
  const module = must(await device.createModule({ source: readFileSync(path, 'utf8'), path }))
  const constants = one.constants.map(({ index, value }) => ({ index, type: 'bool' as const, value }))
  const op = await module.createOp({ entry: one.entry, constants })
  module.destroy()
  if (op.ok) must(await op.value.settle())
  return op
}

/** Opens every tier that takes the kernel, and OpenBLAS in float on the same numbers, over outputs of their own. */
export async function openContest(device: DeviceHandle, one: Case): Promise<Contest> {
  const { a, b } = operandsOf(one, one.dtype)
  const operands = [bufferOf(device, a), bufferOf(device, b)]
  const scalars: Arg[] = [
    ...[one.m, one.n, one.k].map((value, i) => ({ index: 3 + i, bytes: bytesOfU32(value) })),
    ...one.more.map((value, i) => ({ index: 6 + i, bytes: bytesOfF32(value) })),
  ]
  const contest: Contest = { arms: [], refusals: [], end: () => release(contest, operands) }
  for (const tier of tiers) {
    const op = await openTier(device, one, tier)
    if (!op.ok) {
      contest.refusals.push({ tier, reason: op.error.message })
      continue
    }
    const c = must(device.createBuffer({ bytes: one.m * one.n * (one.dtype === 'f32' ? 4 : 2) }))
    const buffers = [...operands, c].map((buffer, index) => ({ index, buffer }))
    const dispatch = { op: op.value, args: [...buffers, ...scalars], grid: one.grid, threads: one.threads }
    contest.arms.push({ name: tier, dispatch, op: op.value, c, dtype: one.dtype })
  }
  await addOpenBlas(device, one, { contest, operands })
  return contest
}

async function addOpenBlas(
  device: DeviceHandle,
  one: Case,
  { contest, operands }: { contest: Contest; operands: BufferHandle[] },
): Promise<void> {
  const { m, n, k } = one
  const shape = { m, n, k, batch: 1, dtype: 'f32' as const, tA: false, tB: one.family === 'gemv' }
  const op = await device.createBaseline({ ...shape, bias: false, accumulate: false, alpha: 1, beta: 0 })
  if (!op.ok) return
  const { a, b } = operandsOf(one, 'f32')
  const own = one.dtype === 'f32' ? operands : [bufferOf(device, a), bufferOf(device, b)]
  if (own !== operands) operands.push(...own)
  const c = must(device.createBuffer({ bytes: m * n * 4 }))
  const args = [...own, c].map((buffer, index) => ({ index, buffer }))
  const dispatch: Dispatch = { op: op.value, args, grid: [1, 1, 1], threads: [1, 1, 1] }
  contest.arms.push({ name: 'OpenBLAS', dispatch, op: op.value, c, dtype: 'f32' })
}

function release({ arms }: Contest, operands: BufferHandle[]): void {
  for (const { op, c } of arms) {
    op.destroy()
    c.destroy()
  }
  for (const buffer of operands) buffer.destroy()
}

/** The arm's result, whole. */
export function resultOf({ c, dtype }: Arm): Float32Array | Float16Array {
  const into = dtype === 'f32' ? new Float32Array(c.bytes / 4) : new Float16Array(c.bytes / 2)
  must(c.read(into))
  return into
}

/** Throws when the arm computed something else than OpenCL or OpenBLAS did. */
export function checkResult(arm: Arm, magnitude: number): void {
  const own = magnitudeOf(resultOf(arm))
  const allowed = arm.dtype === 'f16' ? 1e-3 : 1e-6
  if (!(Math.abs(own - magnitude) <= allowed * magnitude))
    throw new Error(`${arm.name} computed Σ|C| = ${own}, expected ${magnitude}`)
}
