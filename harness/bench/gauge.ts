import type { Row } from '#contract/row.ts'
import { compareArms } from './verdict.ts'

/** A/A comparisons of a device on one day, and how many of them called a difference that was not there. */
interface Tally {
  day: string
  comparisons: number
  falseVerdicts: number
}

const tallies = new Map<string, Tally>()

/**
 * Compares a kernel with itself: its samples in turn belong to one arm and the other, so that both stand in the same
 * place among what else is measured. Counts how often that has called a winner on this device today (since this process
 * started, UTC).
 */
export function gaugeArms(deviceId: string, samples: readonly number[], now = new Date()): NonNullable<Row['gauge']> {
  const second = samples.filter((_, round) => round % 2 === 1)
  const first = samples.filter((_, round) => round % 2 === 0).slice(0, second.length)
  const { ratio, verdict } = compareArms(first, second)
  const day = now.toISOString().slice(0, 10)
  const known = tallies.get(deviceId)
  const tally = known?.day === day ? known : { day, comparisons: 0, falseVerdicts: 0 }
  tally.comparisons++
  if (verdict === 'FAST' || verdict === 'SLOW') tally.falseVerdicts++
  tallies.set(deviceId, tally)
  return {
    ratio: ratio.value,
    low: ratio.low,
    high: ratio.high,
    verdict,
    falseVerdictRate: tally.falseVerdicts / tally.comparisons,
  }
}
