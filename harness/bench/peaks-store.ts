import { ok, type Result } from '#contract/error.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import { measurePeaks, type Peaks } from './peaks.ts'

const known = new Map<string, Peaks>()

/**
 * The peaks of a device in a power state: measured when first asked for, and kept for as long as this process lives. `again`
 * measures once more and keeps the better of both. Null where the device's clock says nothing, or its peaks cannot be
 * measured: it then has no roof. Fails when the device is lost or the run was cancelled.
 */
export async function peaksOf(
  device: DeviceHandle,
  { power, again }: { power: string; again: boolean },
): Promise<Result<Peaks | null>> {
  if (device.info.timeDomain === 'none') return ok(null)
  const { id, name, coreCount } = device.info
  const key = JSON.stringify([id, name, coreCount, power])
  const before = known.get(key)
  if (before && !again) return ok(before)
  const measured = await measurePeaks(device)
  if (!measured.ok)
    return device.isLost || measured.error.kind === 'cancelled' || measured.error.kind === 'timeout'
      ? measured
      : ok(before ?? null)
  const best = before ? bestOf(before, measured.value) : measured.value
  known.set(key, best)
  return ok(best)
}

/** The higher of two measurements' peaks, of the same device. */
export function bestOf(before: Peaks, after: Peaks): Peaks {
  return {
    measuredAt: after.measuredAt,
    levels: after.levels.map((level, i) => ({
      ...level,
      bytesPerSecond: Math.max(level.bytesPerSecond, before.levels[i]?.bytesPerSecond ?? 0),
    })),
    flopsPerSecond: {
      f32: Math.max(before.flopsPerSecond.f32, after.flopsPerSecond.f32),
      f16: Math.max(before.flopsPerSecond.f16, after.flopsPerSecond.f16),
    },
  }
}
