import type { NativeLibrary } from '#harness/bridge/native-library.ts'
import type { Elements } from '#harness/verify/float-formats.ts'
import type { Case } from './cases.ts'
import { type BitDifference, bitDifference, type Judgement, judge } from './check.ts'
import { must, openContest, type ThreadedDevice } from './contest.ts'
import type { OpenCl } from './opencl/process.ts'
import { problemOf } from './problem.ts'
import { type Pair, type StopRule, takeRounds } from './rounds.ts'
import { findSide, type Lap, type Side, type SideName, type Tier } from './side.ts'

/** What became of one side of a case. A wrong one has no laps. */
export interface Outcome {
  name: SideName
  threads: number
  laps: Lap[]
  /** Why its result is wrong; null when it is right. */
  wrong: string | null
  /** Largest error of an output, as a share of its derived bound. */
  margin: number
  /** From fiber with as many threads; null where there is nothing to compare. */
  bits: BitDifference | null
  /** Of auto: the tier that it took, and why not a faster one. */
  chosen: { tier: string; reason: string } | null
}

/** A case measured on all its sides, which took their samples in the same rounds. */
export interface Measured {
  one: Case
  outcomes: Outcome[]
  refusals: { tier: Tier; reason: string }[]
}

/** What a case is measured on; opencl has a process for each of the numbers of threads, or is empty. */
export interface Setup {
  library: NativeLibrary
  devices: ThreadedDevice[]
  opencl: OpenCl[]
  rule: StopRule
}

/** Measures a case: every side is judged on every output, then the right ones are timed in turn. */
export async function measure(setup: Setup, one: Case): Promise<Measured> {
  const problem = must(await problemOf(setup.library, one))
  const contests = []
  try {
    for (const on of setup.devices) contests.push(await openContest(on, one, problem))
    const others = await Promise.all(setup.opencl.map((process) => process.open(one, problem)))
    const sides = [...contests.flatMap((contest) => contest.sides), ...others.filter((side) => side !== null)]
    const refusals = contests.flatMap((contest) => contest.refusals)
    return { one, outcomes: await contend(sides, setup.rule), refusals }
  } finally {
    for (const contest of contests) contest.end()
  }
}

/** Judges before and after timing: automatic choice may change what runs in between. */
async function contend(sides: readonly Side[], rule: StopRule): Promise<Outcome[]> {
  const before: Judgement[] = []
  for (const side of sides) {
    await side.run(1)
    before.push(judge(side.problem, await side.result()))
  }
  const right = sides.filter((_, i) => before[i]?.wrong === null)
  const laps = await takeRounds(right, watchedPairs(right), rule)
  const results = await Promise.all(sides.map((side) => side.result()))
  return sides.map((side, i) => {
    const after = judge(side.problem, results[i]!)
    const wrong = before[i]?.wrong ?? after.wrong
    return {
      name: side.name,
      threads: side.threads,
      laps: wrong === null ? laps[right.indexOf(side)]! : [],
      wrong,
      margin: Math.max(before[i]!.margin, after.margin),
      bits: bitsOfFiber(side, { sides, results }),
      chosen: side.name === 'auto' ? (side.chosen?.() ?? null) : null,
    }
  })
}

function bitsOfFiber(side: Side, all: { sides: readonly Side[]; results: readonly Elements[] }): BitDifference | null {
  const fiber = findSide(all.sides, 'fiber', side.threads)
  const isTier = side.name !== 'PoCL' && side.name !== 'OpenBLAS' && side.name !== 'fiber'
  if (!fiber || !isTier) return null
  return bitDifference(
    side.problem.shape.dtype,
    all.results[all.sides.indexOf(side)]!,
    all.results[all.sides.indexOf(fiber)]!,
  )
}

/** The ratios that the goals are about. */
export function watchedPairs(sides: readonly Pick<Side, 'name' | 'threads'>[]): Pair[] {
  const autos = sides.filter(({ name }) => name === 'auto')
  const isRival = (name: SideName) => name === 'fiber' || name === 'loop' || name === 'PoCL' || name === 'OpenBLAS'
  return autos.flatMap((auto) =>
    sides
      .filter(({ name, threads }) => (threads === auto.threads ? isRival(name) : name === 'auto'))
      .map((other) => [sides.indexOf(auto), sides.indexOf(other)] as const),
  )
}
