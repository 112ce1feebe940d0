import { lab } from '../client/lab.ts'
import { useLab } from '../state/store.ts'
import type { Command } from './command.ts'
import { reportError } from './report-error.ts'

/** Asks a run to stop; it ends with a row or failure that says so. */
export async function cancelRun(runId: string): Promise<void> {
  const result = await lab().request('run.cancel', { runId })
  if (!result.ok && result.error.kind !== 'not-found') reportError(result.error)
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
