import { fail, type LabError, ok, type Result } from '#contract/error.ts'
import type { ProofReport } from '#contract/evidence.ts'
import type { RunOutcome } from '#contract/ipc.ts'
import type { Flag } from '#contract/manifest.ts'
import type { Row } from '#contract/row.ts'
import { noteRow } from '../bench/note-row.ts'
import { runBench } from '../bench/run-bench.ts'
import { crashedProof } from '../verify/crashed-proof.ts'
import type { RunCache } from '../verify/run-cache.ts'
import { runPrecision } from '../verify/run-precision.ts'
import { runProofs } from '../verify/run-proof.ts'
import { runVerify } from '../verify/run-verify.ts'
import type { BenchRequest, ProofsRequest, RunContext, RunHooks } from '../verify/types.ts'
import type { HostContext } from './context.ts'
import { displayRow } from './display-path.ts'
import type { HostHandlers } from './handlers.ts'
import { keepSource } from './row-sources.ts'

type Execute = (run: RunContext, hooks: RunHooks) => Promise<RunOutcome>

/** `reports` in the order of `flags`. Of one flag alone the outcome is its report. */
function outcomeOf(flags: readonly Flag[], reports: readonly Result<ProofReport>[], isAlone: boolean): RunOutcome {
  if (isAlone) {
    const report = reports[0] ?? fail({ kind: 'internal', message: 'a proof without a report' })
    return report.ok ? { kind: 'proof', report: report.value } : failed(report.error)
  }
  return {
    kind: 'proofs',
    reports: reports.flatMap((report) => (report.ok ? [report.value] : [])),
    errors: reports.flatMap((report, at) => (report.ok ? [] : [{ flag: flags[at] as Flag, error: report.error }])),
  }
}

const failed = (error: LabError): RunOutcome => ({ kind: 'failed', error })

/** What a run on a device is given. */
export function openRun(context: HostContext, deviceId: string): Result<RunContext> {
  const workspace = context.workspace()
  if (!workspace.ok) return workspace
  const { library } = context.devices
  if (!library.ok) return library
  const device = context.devices.device(deviceId, 'run')
  if (!device.ok) return device
  const tier = context.tierOf(deviceId)
  return ok({
    lib: library.value,
    device: device.value,
    workspace: workspace.value,
    ...context.identity(),
    ...(tier === undefined ? {} : { tier }),
  })
}

/** Events and skeletons of one run, on their way to the shells. */
export function hooksOf(context: HostContext, runId: string, signal: AbortSignal): RunHooks {
  return {
    progress: (...[phase, done, total, message]) =>
      context.emit('run.progress', { runId, phase, done, total, message }),
    underway: (place) => context.send({ kind: 'underway', runId, place }),
    skeleton: (row) => context.send({ kind: 'skeleton', runId, row }),
    signal,
  }
}

async function execute(deviceId: string, work: () => Promise<RunOutcome>): Promise<RunOutcome> {
  try {
    return await work()
  } catch (thrown) {
    console.error(thrown)
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return failed({ kind: 'internal', message: `a run on ${deviceId} failed inside the kernel host: ${message}` })
  }
}

/** Queues a run and answers its id at once; run.finished tells its outcome, whatever happens, and `ended` is told too. */
export function startRun(
  context: HostContext,
  deviceId: string,
  { work, ended }: { work: Execute; ended?: (outcome: RunOutcome) => void },
): Result<{ runId: string }> {
  const runId = context.runs.start(async (slot) => {
    const outcome = await execute(deviceId, async () => {
      if (slot.signal.aborted) return failed({ kind: 'cancelled', message: 'cancelled before it began' })
      const run = openRun(context, deviceId)
      if (!run.ok) return failed(run.error)
      return work({ ...run.value, signal: slot.signal }, hooksOf(context, slot.runId, slot.signal))
    })
    context.emit('run.finished', { runId: slot.runId, outcome })
    ended?.(outcome)
    context.leaveIfLost()
  })
  return ok({ runId })
}

type DeviceBench = BenchRequest & { device: string }

/** Of a bench that is part of something larger. */
interface PartOf {
  /** Adds to the row that is shown should the process die what is known of its kernel before the bench finds it. */
  sketch(row: Row): Row
  /** Told as progress is. */
  progress(phase: string): void
  ended(outcome: RunOutcome): void
  cache: RunCache
}

const partHooks = (hooks: RunHooks, part: PartOf): RunHooks => ({
  ...hooks,
  skeleton: (row) => hooks.skeleton?.(part.sketch(row)),
  progress: (...[phase, done, total, message]) => {
    part.progress(phase)
    hooks.progress(phase, done, total, message)
  },
})

/** Keeps what a row's kernel is compiled from before that kernel runs, and maybe crashes. */
function keepingSource(
  context: HostContext,
  { run, target, hooks }: { run: RunContext; target: BenchRequest['target']; hooks: RunHooks },
): RunHooks {
  return {
    ...hooks,
    skeleton(row) {
      hooks.skeleton?.(row)
      keepSource(context.sources(run.workspace), run.workspace, { row, target })
    },
  }
}

/** Queues a bench, whose row is kept, and answers its run id. */
export function startBench(
  context: HostContext,
  { device, ...request }: DeviceBench,
  part?: PartOf,
): Result<{ runId: string }> {
  const work: Execute = async (run, hooks) => {
    const keeping = keepingSource(context, { run, target: request.target, hooks })
    const bench = part
      ? await runBench({ ...run, cache: part.cache }, request, partHooks(keeping, part))
      : await runBench(run, request, keeping)
    const row = displayRow(run.workspace.root, bench)
    noteRow(run.workspace, row, run.device.info.kind)
    const kept = context.rows(run.workspace).append(row)
    if (!kept.ok) console.error(kept.error.message)
    return { kind: 'bench', row }
  }
  return startRun(context, device, { work, ...(part ? { ended: part.ended } : {}) })
}

type RunRequest =
  | 'proof.start'
  | 'bench.start'
  | 'precision.start'
  | 'run.cancel'
  | 'cli.bench.start'
  | 'cli.proofs.start'
  | 'cli.verify'
  | 'proof.crashed'

/** Long work: benches, precision reports and proofs answer a run id; events tell the rest. */
export function runHandlers(context: HostContext): Pick<HostHandlers, RunRequest> {
  const bench = async (request: DeviceBench) => startBench(context, request)
  const proofs = (device: string, request: ProofsRequest, isAlone: boolean) =>
    startRun(context, device, {
      work: async (run, hooks) => {
        const underway: RunHooks['underway'] = (place) => hooks.underway?.(place && { ...place, isAlone })
        const ended = await runProofs(run, request, { ...hooks, underway })
        if (!ended.ok) return failed(ended.error)
        // Also a proof that failed: what it says stands beside the flag, and may have taken evidence back.
        context.emit('catalog.changed', {})
        return outcomeOf(request.flags, ended.value, isAlone)
      },
    })
  return {
    'bench.start': bench,
    'cli.bench.start': bench,
    'precision.start': async ({ device, ...request }) =>
      startRun(context, device, {
        work: async (run, hooks) => {
          const report = await runPrecision(run, request, hooks)
          return report.ok ? { kind: 'precision', report: report.value } : failed(report.error)
        },
      }),
    'proof.start': async ({ device, flag, ...request }) => proofs(device, { ...request, flags: [flag] }, true),
    'cli.proofs.start': async ({ device, ...request }) => proofs(device, request, false),
    'proof.crashed': async ({ place, error }) => {
      const run = openRun(context, place.device)
      return run.ok ? ok(outcomeOf(place.flags, crashedProof(run.value, place, error), place.isAlone ?? false)) : run
    },
    'run.cancel': async ({ runId }) => {
      if (context.runs.cancel(runId)) {
        context.leaveIfStuck(runId)
        return ok({})
      }
      return fail({ kind: 'not-found', message: `there is no run ${runId} to cancel: it ended, or its host did` })
    },
    'cli.verify': async ({ device, ...request }) => {
      const run = openRun(context, device)
      if (!run.ok) return run
      const hooks = { progress: () => {}, signal: new AbortController().signal }
      return runVerify(run.value, request, hooks)
    },
  }
}
