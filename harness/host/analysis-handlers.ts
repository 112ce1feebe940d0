import type { AnalysisReport } from '#contract/analysis.ts'
import type { Result } from '#contract/error.ts'
import type { RunOutcome } from '#contract/ipc.ts'
import { type AnalysisRequest, runAnalysis } from '../analyse/run-analysis.ts'
import { runDispatchAnalysis } from '../analyse/run-dispatch-analysis.ts'
import type { RunContext, RunHooks } from '../verify/types.ts'
import type { HostContext } from './context.ts'
import { displayAnalysis } from './display-path.ts'
import type { HostHandlers } from './handlers.ts'
import { startRun } from './run-handlers.ts'

type AnalysisName = 'analysis.start' | 'cli.analysis.start' | 'cli.analysis.dispatch'

interface Place {
  device: string
  /** Only the command line asks for it, and its host serves nobody else: it stays set. */
  osThreads?: number | undefined
}

/** Analyses in the queue of all runs: watching a kernel takes every processor that a bench beside it would be timed on. */
export function analysisHandlers(context: HostContext): Pick<HostHandlers, AnalysisName> {
  type Work = (run: RunContext, hooks: RunHooks) => Promise<Result<AnalysisReport>>
  const start = ({ device, osThreads }: Place, work: Work) =>
    startRun(context, device, {
      work: async (run, hooks): Promise<RunOutcome> => {
        const limited = osThreads === undefined ? null : run.device.setOption('threads', String(osThreads))
        if (limited && !limited.ok) return { kind: 'failed', error: limited.error }
        const report = await work(run, hooks)
        return report.ok
          ? { kind: 'analysis', report: displayAnalysis(run.workspace.root, report.value) }
          : { kind: 'failed', error: report.error }
      },
    })
  const target = async ({ device, osThreads, ...request }: AnalysisRequest & Place) =>
    start({ device, osThreads }, (run, hooks) => runAnalysis(run, request, hooks))
  return {
    'analysis.start': target,
    'cli.analysis.start': target,
    'cli.analysis.dispatch': async ({ device, osThreads, ...request }) =>
      start({ device, osThreads }, (run, hooks) => runDispatchAnalysis(run, request, hooks)),
  }
}
