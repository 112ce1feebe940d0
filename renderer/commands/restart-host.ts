import { lab } from '../client/lab.ts'
import type { Command } from './command.ts'
import { reportError } from './report-error.ts'

export const restartHost: Command = {
  id: 'host.restart',
  label: 'Restart the kernel host',
  when: (state) => state.host.state === 'failed',
  run: async () => {
    const result = await lab().request('host.restart', {})
    if (!result.ok) reportError(result.error)
  },
}
