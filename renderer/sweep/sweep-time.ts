import type { SweepCounts } from '#contract/sweep.ts'

/** What the pairs that wait will take, at the pace of those measured so far, ns. Null before there is a pace. */
export function remainingNs({ counts, elapsedNs }: { counts: SweepCounts; elapsedNs: number }): number | null {
  return counts.measured >= 3 ? (elapsedNs / counts.measured) * counts.waiting : null
}

/** A length of time for people who wait: `8 s`, `3 min 20 s`, `1 h 5 min`. */
export function durationText(ns: number): string {
  const seconds = Math.round(ns / 1e9)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
