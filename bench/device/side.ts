import type { Elements } from '#harness/verify/float-formats.ts'
import type { Problem } from './problem.ts'

/** The tiers of the cpu device, in the order of the table. */
export const tiers = ['fiber', 'loop', 'leader', 'vector', 'auto'] as const
export type Tier = (typeof tiers)[number]

/** Everything that runs a case: the tiers, and what they are measured against. */
export const sideNames = [...tiers, 'PoCL', 'OpenBLAS'] as const
export type SideName = (typeof sideNames)[number]

/** What a sample cost: nanoseconds of one iteration, and processor time ÷ elapsed time of the process meanwhile. */
export interface Lap {
  ns: number
  busy: number
}

/** One way of computing a case, with a number of threads. */
export interface Side {
  name: SideName
  threads: number
  problem: Problem
  /** Runs that many times, one after the other. */
  run(iterations: number): Promise<Lap>
  /** What the last run left in C. */
  result(): Promise<Elements>
  /** Which tier it takes, and why not a faster one: known after the first run. */
  chosen?(): { tier: string; reason: string }
}

/** The side of that name and number of threads. */
export function findSide<T extends { name: SideName; threads: number }>(
  sides: readonly T[],
  name: SideName,
  threads: number,
): T | undefined {
  return sides.find((side) => side.name === name && side.threads === threads)
}
