import { lab } from '../client/lab.ts'
import { useLab } from '../state/store.ts'
import type { Command } from './command.ts'
import { reportError } from './report-error.ts'

/** Asks a run to stop; it ends with a row or failure that says so. One that the lab no longer knows ends here. */
export async function cancelRun(runId: string): Promise<void> {
  const result = await lab().request('run.cancel', { runId })
  if (result.ok) return
  if (result.error.kind !== 'not-found') return reportError(result.error)
  const error = { kind: 'cancelled', message: 'The lab no longer knew this run.' } as const
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
