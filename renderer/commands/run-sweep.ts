import type { RequestInput } from '#contract/ipc.ts'
import { isSweepActive } from '#contract/sweep.ts'
import { lab } from '../client/lab.ts'
import { type State, useLab } from '../state/store.ts'
import type { Command } from './command.ts'
import { reportError } from './report-error.ts'
import { tierOption } from './run-options.ts'

const settleMs = 250
let timer: ReturnType<typeof setTimeout> | undefined
let serial = 0

/** What a sweep would be asked to do now; null without a device, or with a seed that is none. */
export function sweepOptions(state: State): RequestInput<'sweep.start'> | null {
  const seed = Number(state.seed)
  if (state.deviceId === null || !/^\d+$/.test(state.seed) || !Number.isSafeInteger(seed)) return null
  const { mode, isCold, data, deviceId: device, isSweepResumed: isResumed } = state
  const filter = state.sweepFilter.split(/\s+/).filter((condition) => condition !== '')
  return { device, mode, isCold, data, seed, isResumed, filter, ...tierOption(state) }
}

/** Whether a sweep is at work. */
export const isSweeping = (state: State) => state.sweep !== null && isSweepActive(state.sweep.state)

/** Asks what a sweep would do, once nothing was changed for a moment. */
export function planSweepSoon(): void {
  clearTimeout(timer)
  timer = setTimeout(() => void planSweep(), settleMs)
}

/** Asks what a sweep would do. The last plan stays while the conditions cannot be read. */
export async function planSweep(): Promise<void> {
  const mine = ++serial
  const options = sweepOptions(useLab.getState())
  if (!options) return
  const plan = await lab().request('sweep.plan', options)
  if (mine !== serial) return
  const state = useLab.getState()
  if (plan.ok) state.setSweepPlan(plan.value)
  state.failSweep(plan.ok ? null : plan.error)
}

/** Finds out whether a sweep runs or ran, also one that another window began. */
export async function loadSweep(): Promise<void> {
  const status = await lab().request('sweep.status', {})
  if (!status.ok) return
  const state = useLab.getState()
  state.setSweep(status.value.sweep)
  if (status.value.sweep?.state === 'running') state.setSweepOption({ sweepSource: 'sweep' })
}

/** Events of a sweep that this window does not know yet lead to the whole of it. */
export async function followSweep(sweepId: string): Promise<void> {
  if (useLab.getState().sweep?.sweepId !== sweepId) await loadSweep()
}

async function startSweep(): Promise<void> {
  const options = sweepOptions(useLab.getState())
  if (!options) return
  useLab.getState().setLayout({ tab: 'sweep' })
  const started = await lab().request('sweep.start', options)
  useLab.getState().failSweep(started.ok ? null : started.error)
  // A sweep that is refused because another runs leads to that one.
  await loadSweep()
}

export const runSweep: Command = {
  id: 'sweep.run',
  label: 'Sweep: bench every variant on every shape',
  when: (state) => sweepOptions(state) !== null && !isSweeping(state),
  run: startSweep,
}

export const stopSweep: Command = {
  id: 'sweep.stop',
  label: 'Stop the sweep',
  when: (state) => state.sweep?.state === 'running',
  run: async () => {
    const sweepId = useLab.getState().sweep?.sweepId
    const stopped = sweepId && (await lab().request('sweep.cancel', { sweepId }))
    if (stopped && !stopped.ok) reportError(stopped.error)
  },
}
