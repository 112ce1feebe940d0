import { mkdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { tryFileLock } from '../store/file-lock.ts'

const pauseMs = 20
/** Longer than any one measurement: whoever is at it still is stuck, or no lab, and is told of instead. */
const patienceMs = 15_000

/** The right to measure on a device of this machine, as far as labs of the same user go. */
export interface MeasuringTurn {
  /** Who was measuring all along, where waiting was given up; null when nobody was. */
  besides: string | null
  end(): void
}

/** Nobody's: of devices whose time is simulated, and where there is nowhere to say so. */
export const noTurn: MeasuringTurn = { besides: null, end() {} }

/** Where the turns of this machine are kept: workspaces differ, processors do not. */
function turnsFolder(): string {
  return join(tmpdir(), `klab-measuring-${userInfo().uid}`)
}

/**
 * Waits until no other process measures on a device, half of a machine being another machine. Waits some seconds, then
 * goes on beside whoever it is. A turn that a process left behind when it was killed is nobody's. Where no file can be made
 * nobody is waited for.
 */
export async function takeTurn(
  device: string,
  hooks: { signal: AbortSignal; onWait(holder: string): void },
  { folder = turnsFolder(), waitMs = patienceMs } = {},
): Promise<MeasuringTurn> {
  try {
    mkdirSync(folder, { recursive: true })
  } catch {
    return noTurn
  }
  const until = performance.now() + waitMs
  for (;;) {
    const lock = tryFileLock(join(folder, device))
    if (!lock.ok) return noTurn
    if ('letGo' in lock.value) return { besides: null, end: lock.value.letGo }
    const { heldBy } = lock.value
    if (performance.now() > until || hooks.signal.aborted) return { ...noTurn, besides: heldBy }
    hooks.onWait(heldBy)
    await pause(pauseMs)
  }
}
