import type { Result } from '#contract/error.ts'
import type { RunOutcome } from '#contract/ipc.ts'
import type { Supervisor } from '../host/supervisor.ts'

/**
 * Starts a run and waits for its outcome, whatever becomes of the host meanwhile. Progress goes to `log`, one line for
 * each new phase. An interrupt from the keyboard cancels the run, which then ends as such.
 */
export async function runToEnd(
  lab: Supervisor,
  start: () => Promise<Result<{ runId: string }>>,
  log: (line: string) => void,
): Promise<Result<RunOutcome>> {
  // An outcome may come before the answer that names its run.
  const finished = new Map<string, RunOutcome>()
  let runId: string | null = null
  let wake = () => {}
  let phase = ''
  const stopFinished = lab.on('run.finished', (event) => {
    finished.set(event.runId, event.outcome)
    wake()
  })
  const stopProgress = lab.on('run.progress', (event) => {
    if (event.phase === phase) return
    phase = event.phase
    log(`${event.phase}: ${event.message}`)
  })
  const interrupt = () => void (runId && lab.request('run.cancel', { runId }))
  process.once('SIGINT', interrupt)
  try {
    const started = await start()
    if (!started.ok) return started
    runId = started.value.runId
    while (!finished.has(runId)) {
      await new Promise<void>((resolve) => {
        wake = resolve
        if (runId && finished.has(runId)) resolve()
      })
    }
    return { ok: true, value: finished.get(runId)! }
  } finally {
    process.off('SIGINT', interrupt)
    stopFinished()
    stopProgress()
  }
}
