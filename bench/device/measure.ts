import type { DeviceHandle } from '#harness/bridge/device-handle.ts'
import { median } from '../statistics.ts'
import type { Case } from './cases.ts'
import { type Arm, checkResult, must, openContest, resultOf } from './contest.ts'
import type { OpenCl } from './opencl/process.ts'
import { magnitudeOf } from './operands.ts'

/** Times of one case with one number of threads: nanoseconds of one dispatch, medians of the rounds. */
export interface Times {
  one: Case
  threads: number
  ns: Record<string, number>
  /** Nanoseconds of each round, to form ratios within a round. */
  rounds: Record<string, number[]>
  /** What auto chose, and why not a faster tier. */
  chosen: string
  reason: string
  /** Whether each tier's result equals fiber's bit for bit. */
  isSame: Record<string, boolean>
  refusals: { tier: string; reason: string }[]
}

const sampleNs = 20e6 // what a sample should take
const mostIterations = 400
const slowNs = 250e6 // arms beyond it get fewer rounds
const timeoutNs = 120e9

async function runArm(device: DeviceHandle, arm: Arm, iterations: number): Promise<number> {
  const samples = must(
    await device.run({ arms: [{ sets: [[arm.dispatch]], iterations }], mode: 'single', rounds: 1, timeoutNs }),
  )
  return (samples[0]?.deviceNs ?? Number.NaN) / iterations
}

interface Side {
  name: string
  run(iterations: number): Promise<number>
  iterations: number
}

async function sidesOf(device: DeviceHandle, arms: Arm[], opencl: OpenCl | null): Promise<Side[]> {
  const sides: Side[] = arms.map((arm) => ({
    name: arm.name,
    run: (iterations) => runArm(device, arm, iterations),
    iterations: 1,
  }))
  if (opencl) sides.push({ name: 'PoCL', run: (iterations) => opencl.run(iterations), iterations: 1 })
  for (const side of sides) {
    await side.run(1) // code, stacks and caches are touched for the first time
    const once = await side.run(1)
    side.iterations = Math.max(1, Math.min(mostIterations, Math.round(sampleNs / once)))
  }
  return sides
}

function compare(arms: Arm[]): Times['isSame'] {
  const fiber = arms.find(({ name }) => name === 'fiber')
  const bytes = (arm: Arm) => Buffer.from(resultOf(arm).buffer)
  return Object.fromEntries(
    arms
      .filter((arm) => fiber && arm.dtype === fiber.dtype)
      .map((arm) => [arm.name, fiber !== undefined && bytes(arm).equals(bytes(fiber))]),
  )
}

/** What a case is measured on; opencl is null where there is none. */
export interface Setup {
  device: DeviceHandle
  opencl: OpenCl | null
  threads: number
}

/** Measures a case: all sides take one sample each in turn, round after round, and must compute the same. */
export async function measure(setup: Setup, one: Case): Promise<Times> {
  const { device, opencl, threads } = setup
  const contest = await openContest(device, one)
  try {
    const hasOpenCl = opencl !== null && (await opencl.set(one))
    const sides = await sidesOf(device, contest.arms, hasOpenCl ? opencl : null)
    const blas = contest.arms.find(({ name }) => name === 'OpenBLAS')
    const magnitude = hasOpenCl ? await opencl.magnitude() : blas ? magnitudeOf(resultOf(blas)) : null
    for (const arm of contest.arms) if (magnitude !== null) checkResult(arm, magnitude)

    const rounds: Times['rounds'] = Object.fromEntries(sides.map(({ name }) => [name, []]))
    let count = 5
    for (let round = 0; round < count; round++) {
      for (const side of sides) {
        const ns = await side.run(side.iterations)
        rounds[side.name]?.push(ns)
        if (ns > slowNs) count = 3
      }
    }
    const { tier, tierReason } = contest.arms.find(({ name }) => name === 'auto')?.op.info ?? {
      tier: '',
      tierReason: '',
    }
    const ns = Object.fromEntries(sides.map(({ name }) => [name, median(rounds[name] ?? [])]))
    const isSame = compare(contest.arms)
    return { one, threads, ns, rounds, chosen: tier, reason: tierReason, isSame, refusals: contest.refusals }
  } finally {
    contest.end()
  }
}
