import { ok, type Result } from '#contract/error.ts'
import type { DevicePeaks } from '#contract/inspect.ts'
import { noTurn, takeTurn } from '../bench/measuring-turn.ts'
import type { Peaks } from '../bench/peaks.ts'
import { peaksOf } from '../bench/peaks-store.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'

const known = new Map<string, DevicePeaks>()

/** Those that `measureDevicePeaks` answered last for a device; null before it. */
export function knownPeaks(deviceId: string): DevicePeaks | null {
  return known.get(deviceId) ?? null
}

const plain = ({ measuredAt, levels, flopsPerSecond }: Peaks): DevicePeaks => ({
  measuredAt,
  flopsPerSecond,
  levels: levels.map(({ bytes, ...level }) => ({ ...level, bytes: Number.isFinite(bytes) ? bytes : null })),
})

/** The device's peaks in its present state of power; measured only where no bench has done so yet. */
export async function measureDevicePeaks(
  device: DeviceHandle,
  { power, signal }: { power: string; signal: AbortSignal },
): Promise<Result<DevicePeaks | null>> {
  const { id, timeDomain } = device.info
  const turn = timeDomain === 'none' ? noTurn : await takeTurn(id, { signal, onWait: () => {} })
  try {
    const peaks = await peaksOf(device, { power, again: false })
    if (!peaks.ok) return peaks
    if (!peaks.value) return ok(null)
    const answer = plain(peaks.value)
    known.set(id, answer)
    return ok(answer)
  } finally {
    turn.end()
  }
}
