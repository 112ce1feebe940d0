import { lab } from '../client/lab.ts'
import { type State, useLab } from '../state/store.ts'
import { runOptions } from './run-options.ts'

const settleMs = 150
let waiting: ReturnType<typeof setTimeout> | undefined

/** What the inspector would ask now, as one string; null when the form is not complete. */
export function inspectKey(state: State): string | null {
  const options = runOptions(state)
  if (!options) return null
  const { target, shape, device } = options
  return JSON.stringify({ target, shape, device })
}

/** Asks what the launch behind a key is, once nothing was changed for a moment; an answer to an older key is dropped. */
export function inspectSoon(key: string | null): void {
  clearTimeout(waiting)
  if (key === null || useLab.getState().dispatch?.key === key) return
  waiting = setTimeout(() => void inspect(key), settleMs)
}

async function inspect(key: string): Promise<void> {
  const answer = await lab().request('dispatch.inspect', JSON.parse(key))
  const state = useLab.getState()
  if (inspectKey(state) !== key) return
  state.showDispatch({ key, report: answer.ok ? answer.value : null, error: answer.ok ? null : answer.error })
}

/** Has the lab measure the most that a device can do; behind the runs that wait. */
export async function measurePeaks(device: string): Promise<void> {
  if (useLab.getState().isMeasuringPeaks) return
  useLab.getState().beginPeaks()
  const answer = await lab().request('device.peaks', { device })
  const outcome = answer.ok ? { peaks: answer.value.peaks, error: null } : { peaks: null, error: answer.error }
  useLab.getState().endPeaks(device, outcome)
}
