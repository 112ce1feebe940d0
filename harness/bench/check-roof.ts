import { ok, type Result } from '#contract/error.ts'
import type { Roof } from '#contract/row.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import { peaksOf } from './peaks-store.ts'
import { impossible, type RoofQuery, roofMargin, roofOf } from './roof.ts'

/** The roof of a measurement, and what it says against one of the times; neither where the device has no peaks. */
export interface RoofCheck {
  roof: Roof | null
  problem: string | null
}

/** An arm's name and its median, ns. */
export interface TimedArm {
  name: string
  medianNs: number
}

/**
 * Holds times against the least that the device can take. A time below it is believed wrong only after the peaks were
 * measured once more: they may have been taken while something else was at the device.
 */
export async function checkRoof(
  device: DeviceHandle,
  query: Omit<RoofQuery, 'margin'> & { power: string },
  arms: readonly TimedArm[],
): Promise<Result<RoofCheck>> {
  let check: RoofCheck = { roof: null, problem: null }
  for (const again of [false, true]) {
    const peaks = await peaksOf(device, { power: query.power, again })
    if (!peaks.ok) return peaks
    if (!peaks.value) break
    const roof = roofOf(peaks.value, { ...query, margin: roofMargin(device.info) })
    const problems = arms.map(({ name, medianNs }) => impossible(name, medianNs, roof))
    check = { roof, problem: problems.find((problem) => problem !== null) ?? null }
    if (check.problem === null) break
  }
  return ok(check)
}
