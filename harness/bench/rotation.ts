import type { Shape } from '#contract/shape.ts'
import { memoryNeed } from '../verify/memory.ts'

/** Buffers of one run; each takes a few of the mappings that a process may have (65530 on Linux). */
const mostSets = 2048

/**
 * How many copies of the operands make each run find none of them in the cache: what one arm touches in going around
 * them is at least one and a half times the last-level cache; at least one for each arm. Null when it would take too
 * many: nothing that small can be measured cold.
 */
export function coldSetCount(shape: Shape, query: { cacheBytes: number; arms: number }): number | null {
  const touchedBytes = memoryNeed(shape, { sets: 1, outputs: 1 }).device
  const wanted = Math.max(Math.ceil((1.5 * query.cacheBytes) / touchedBytes) + 1, query.arms)
  return wanted <= mostSets ? wanted : null
}

/**
 * An arm's sets in the order in which a run takes them, when it has used `done` of them before. Two arms start half
 * of the way around from each other, so that one does not find what another has just read.
 */
export function rotated<T>(sets: readonly T[], at: { arm: number; arms: number; done: number }): T[] {
  const start = (Math.floor((at.arm * sets.length) / at.arms) + at.done) % sets.length
  return [...sets.slice(start), ...sets.slice(0, start)]
}
