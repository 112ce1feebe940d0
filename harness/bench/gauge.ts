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
 * Compares the same kernel with itself, as two arms of one measurement, and counts how often that has called a winner
 * on this device today (since this process started, UTC).
 */
export function gaugeArms(
  deviceId: string,
  arms: { first: readonly number[]; second: readonly number[]; seed: number },
  now = new Date(),
): NonNullable<Row['gauge']> {
  const { ratio, verdict } = compareArms(arms.first, arms.second, arms.seed)
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
