import type { Row } from '#contract/row.ts'
import { addToTally } from './gauge-tally.ts'
import type { LotPlan } from './lots.ts'
import { compareArms, leastLotsToCall } from './verdict.ts'

/** Whose gauge it is, and where its tally is kept. */
export interface GaugePlace {
  device: string
  stateFolder: string
}

/**
 * Compares a kernel with itself: its first sample of each round with its second, by the rules of a verdict. Kernel and
 * baseline share their places in a round evenly, the two samples do not, so what order and place can do shows here
 * first. Counts how often that has called a winner on this device today (UTC); a gauge of too few rounds to call one
 * counts as none.
 */
export function gaugeArms(
  { device, stateFolder }: GaugePlace,
  { samples, plan }: { samples: readonly number[]; plan: LotPlan },
  now = new Date(),
): NonNullable<Row['gauge']> {
  const second = samples.filter((_, i) => i % 2 === 1)
  const first = samples.filter((_, i) => i % 2 === 0).slice(0, second.length)
  const { ratio, verdict } = compareArms(first, second, { ...plan, roundsPerLot: plan.roundsPerLot / 2 })
  const cannotCall = second.length < leastLotsToCall
  const called = cannotCall ? null : verdict === 'FAST' || verdict === 'SLOW'
  const tally = addToTally(stateFolder, { device, day: now.toISOString().slice(0, 10) }, called)
  return {
    ratio: ratio.value,
    low: ratio.low,
    high: ratio.high,
    verdict,
    falseVerdictRate: tally.comparisons > 0 ? tally.falseVerdicts / tally.comparisons : null,
    falseVerdicts: tally.falseVerdicts,
    comparisons: tally.comparisons,
    cannotCall,
  }
}
