import { lab } from '../client/lab.ts'
import { useLab } from '../state/store.ts'
import type { Command } from './command.ts'
import { reportError } from './report-error.ts'

/** Longer than a host needs to come back after a kernel that would not stop. */
const patienceMs = 60_000

/** Asks a run to stop; it ends with a row or failure that says so. One that the lab no longer knows ends here. */
export async function cancelRun(runId: string): Promise<void> {
  useLab.getState().markCancelling(runId)
  const result = await lab().request('run.cancel', { runId })
  if (!result.ok && result.error.kind !== 'not-found') reportError(result.error)
  else setTimeout(() => forgetRun(runId), result.ok ? patienceMs : 0)
}

/** Ends a run whose end was never heard of: it came while the connection was down. */
function forgetRun(runId: string): void {
  if (!useLab.getState().runs[runId]) return
  const error = { kind: 'cancelled', message: 'The lab said no more about this run.' } as const
  useLab.getState().finishRun({ runId, outcome: { kind: 'failed', error } })
}

export const cancelAllRuns: Command = {
  id: 'run.cancelAll',
  label: 'Cancel what is running',
  shortcut: 'Mod+.',
  when: (state) => Object.keys(state.runs).length > 0,
  run: async () => {
    await Promise.all(Object.keys(useLab.getState().runs).map(cancelRun))
  },
}
