import type { Device } from '#contract/device.ts'
import type { ArmTimes, Roof, Row } from '#contract/row.ts'
import type { Sample } from '../bridge/types.ts'
import type { Contest } from './contest.ts'
import { gaugeArms } from './gauge.ts'
import { type Measurement, perIteration } from './measure.ts'
import type { Overheads } from './overhead.ts'
import { noteRepeat } from './repeats.ts'
import { median, medianEstimate, worthOfOne } from './statistics.ts'
import { compareArms } from './verdict.ts'

/** What a finished measurement is read with. */
export interface Finished {
  measurement: Measurement
  overheads: Overheads
  roof: Roof | null
  contest: Contest
  device: Device
  /** Where the gauge's tally is kept. */
  stateFolder: string
}

/** Times of one arm, per iteration. A CPU's seconds are never GPU time; the null device's are neither. */
export function armTimes(samples: readonly Sample[], iterations: number, timeDomain: Device['timeDomain']): ArmTimes {
  const times = perIteration(samples, 'deviceNs')
  const { value, low, high } = medianEstimate(times, 0.95, worthOfOne(times))
  return {
    ...(timeDomain === 'gpu' ? { gpuNs: value } : timeDomain === 'cpu' ? { cpuNs: value } : {}),
    encodeNs: median(perIteration(samples, 'encodeNs')),
    commitNs: median(perIteration(samples, 'commitNs')),
    waitNs: median(perIteration(samples, 'waitNs')),
    samples: times,
    lowNs: low,
    highNs: high,
    iterations,
  }
}

/** A winner of this measurement that others of the same might well not find is none. */
function allowForRepeats(row: Row, repeats: NonNullable<Row['repeats']>): void {
  row.repeats = repeats
  const { low, high } = repeats
  if (low === undefined || high === undefined || low > 1 || high < 1) return
  if (row.verdict !== 'FAST' && row.verdict !== 'SLOW') return
  row.verdictReason = `${row.verdict} here, ${row.verdictReason}; but repeats of one kernel lie ${low.toFixed(3)} to ${high.toFixed(3)}, on either side of 1`
  row.verdict = 'AMBIGUOUS'
}

/** Ends a row with its times, the gauge, and the verdict where a right baseline stands beside the kernel. */
export function addTimes(row: Row, { measurement, overheads, roof, contest, device, stateFolder }: Finished): void {
  const { samples, iterations, plan, stop } = measurement
  const arms = samples.map((arm, i) => {
    const overhead = overheads[i]
    return {
      ...armTimes(arm, iterations, device.timeDomain),
      ...(overhead && 'estimate' in overhead ? { overheadNsPerDispatch: overhead.estimate } : {}),
      ...(overhead && 'unresolved' in overhead ? { overheadUnresolved: overhead.unresolved } : {}),
      ...(roof ? { roofFraction: roof.leastNs / median(perIteration(arm, 'deviceNs')) } : {}),
    }
  })
  const kernel = arms[0]!
  row.status = 'ok'
  row.kernel = kernel
  row.stop = stop
  row.roundsPerLot = plan.roundsPerLot
  if (plan.places > 1) row.places = plan.places
  if (roof) row.roof = roof
  row.gauge = gaugeArms({ device: device.id, stateFolder }, { samples: kernel.samples, plan })
  if (!contest.hasBaseline) return
  const baseline = arms[1]!
  row.baseline = { ...row.baseline, ...baseline }
  // A ratio against a wrong answer would mean nothing; the reason is in the row already.
  if (row.verdictReason) return
  const { ratio, verdict, reason } = compareArms(kernel.samples, baseline.samples, plan)
  row.ratio = ratio
  row.verdict = verdict
  row.verdictReason = reason
  // The simulated clock of the null device has no minutes and no places.
  const repeats = device.timeDomain === 'none' ? null : noteRepeat(stateFolder, row, row.capNs !== undefined)
  if (repeats) allowForRepeats(row, repeats)
}
