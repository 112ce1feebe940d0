import type { Device } from '#contract/device.ts'
import type { Shape } from '#contract/shape.ts'
import { memoryNeed } from '../verify/memory.ts'

/** So many that another process would seldom find a place unlike all of them, in so much memory at most. */
const mostPlaces = { alone: 16, brief: 4 }
const placesBytes = 2 ** 26

/**
 * How many copies of the operands a warm measurement goes around, one a chunk: which sets of the caches pages share is up
 * to the system, and moves a ratio by a percent. Long operands meet every set in any place, and the null device has none.
 */
export function placeCount(shape: Shape, { isBrief, kind }: { isBrief: boolean; kind: Device['kind'] }): number {
  if (kind === 'null') return 1
  const touchedBytes = memoryNeed(shape, { sets: 1, outputs: 1 }).device
  const most = isBrief ? mostPlaces.brief : mostPlaces.alone
  return Math.max(Math.min(most, Math.floor(placesBytes / touchedBytes)), 1)
}

/** Buffers of one run; each takes a few of the mappings that a process may have (65530 on Linux). */
const mostSets = 2048

/**
 * How many copies of the operands make each run find none of them in the cache: what is touched in going around them is
 * at least one and a half times the last-level cache; at least one for each arm. Null when it would take too
 * many: nothing that small can be measured cold.
 */
export function coldSetCount(shape: Shape, query: { cacheBytes: number; arms: number }): number | null {
  const touchedBytes = memoryNeed(shape, { sets: 1, outputs: 1 }).device
  const wanted = Math.max(Math.ceil((1.5 * query.cacheBytes) / touchedBytes) + 1, query.arms)
  return wanted <= mostSets ? wanted : null
}

/**
 * Sets in the order in which a run takes them, when `done` of them were used before it. All arms go around the same
 * sets together, each iteration one further, so that whatever an arm is given was last touched a whole turn ago: also
 * when one arm makes more iterations than the other.
 */
export function rotated<T>(sets: readonly T[], done: number): T[] {
  const start = done % sets.length
  return [...sets.slice(start), ...sets.slice(0, start)]
}
