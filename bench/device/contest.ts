import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from '#contract/error.ts'
import type { BufferHandle } from '#harness/bridge/buffer-handle.ts'
import type { DeviceHandle } from '#harness/bridge/device-handle.ts'
import type { OpHandle } from '#harness/bridge/op-handle.ts'
import type { Arg, Dispatch } from '#harness/bridge/run.ts'
import { allocateElements, type Elements } from '#harness/verify/float-formats.ts'
import { poisonPatterns } from '#harness/verify/poison.ts'
import type { Case } from './cases.ts'
import { inFloat, type Problem } from './problem.ts'
import { type Lap, type Side, type SideName, type Tier, tiers } from './side.ts'

/** A device, and the threads that it was given. */
export interface ThreadedDevice {
  device: DeviceHandle
  threads: number
}

/** A case on one device: its sides, and why a tier has none. */
export interface Contest {
  sides: Side[]
  refusals: { tier: Tier; reason: string }[]
  end(): void
}

const root = join(import.meta.dirname, '..', '..')
const timeoutNs = 120e9

/** The value of a result that a measurement cannot go on without. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
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
export async function openContest(on: ThreadedDevice, one: Case, problem: Problem): Promise<Contest> {
  const { device } = on
  const opened = new OpenSides(on)
  const contest: Contest = { sides: opened.sides, refusals: [], end: () => opened.release() }
  const operands = opened.operandsOf(problem)
  const scalars: Arg[] = [
    ...[one.m, one.n, one.k].map((value, i) => ({ index: 3 + i, bytes: bytesOfU32(value) })),
    ...one.more.map((value, i) => ({ index: 6 + i, bytes: bytesOfF32(value) })),
  ]
  for (const tier of tiers) {
    const op = await openTier(device, one, tier)
    if (op.ok)
      opened.add({ name: tier, op: op.value, problem, operands, scalars, grid: one.grid, threads: one.threads })
    else contest.refusals.push({ tier, reason: op.error.message })
  }
  const float = one.dtype === 'f32' ? problem : inFloat(problem)
  const baseline = await device.createBaseline(float.shape)
  if (baseline.ok) {
    const own = float === problem ? operands : opened.operandsOf(float)
    const single = [1, 1, 1] as const
    const side = { name: 'OpenBLAS', op: baseline.value, problem: float, operands: own, scalars: [] } as const
    opened.add({ ...side, grid: single, threads: single })
  }
  return contest
}

interface NewSide {
  name: SideName
  op: OpHandle
  problem: Problem
  operands: Arg[]
  scalars: readonly Arg[]
  grid: Dispatch['grid']
  threads: Dispatch['threads']
}

/** Sides on one device with what they hold there. */
class OpenSides {
  readonly sides: Side[] = []
  readonly #on: ThreadedDevice
  readonly #held: { destroy(): void }[] = []

  constructor(on: ThreadedDevice) {
    this.#on = on
  }

  operandsOf({ a, b }: Problem): Arg[] {
    return [a, b].map((data, index) => {
      const buffer = this.#buffer(data.byteLength)
      must(buffer.write(data))
      return { index, buffer }
    })
  }

  add(side: NewSide): void {
    const { op, operands, scalars, grid, threads, name, problem } = side
    const { m, n, dtype } = problem.shape
    const c = this.#buffer(m * n * (dtype === 'f32' ? 4 : 2))
    const { pattern, patternBytes } = poisonPatterns[dtype]
    must(c.fill(pattern, patternBytes))
    this.#held.push(op)
    const dispatch = { op, args: [...operands, { index: 2, buffer: c }, ...scalars], grid, threads }
    this.sides.push({
      name,
      threads: this.#on.threads,
      problem,
      run: (iterations) => this.#lap(dispatch, iterations),
      result: async () => elementsOf(problem, c),
      chosen: () => ({ tier: op.info.tier, reason: op.info.tierReason }),
    })
  }

  release(): void {
    for (const held of this.#held) held.destroy()
  }

  #buffer(bytes: number): BufferHandle {
    const buffer = must(this.#on.device.createBuffer({ bytes }))
    this.#held.push(buffer)
    return buffer
  }

  async #lap(dispatch: Dispatch, iterations: number): Promise<Lap> {
    const processor = process.cpuUsage()
    const start = performance.now()
    const arms = [{ sets: [[dispatch]], iterations }]
    const [sample] = must(await this.#on.device.run({ arms, mode: 'single', rounds: 1, timeoutNs }))
    const elapsedMs = performance.now() - start
    const { user, system } = process.cpuUsage(processor)
    if (!sample || sample.isInvalid) throw new Error('the device gave no valid time')
    return { ns: sample.deviceNs / iterations, busy: (user + system) / 1000 / elapsedMs }
  }
}

function elementsOf({ shape }: Problem, c: BufferHandle): Elements {
  const into = allocateElements(shape.dtype, shape.m * shape.n)
  must(c.read(into))
  return into
}
