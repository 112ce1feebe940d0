import type { AnalysisCheck, AnalysisDocument, OrderDependence } from '#contract/analysis.ts'
import { fail, ok, type Result } from '#contract/error.ts'
import type { AnalysisSettings } from '#contract/ipc.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { Dispatch } from '../bridge/run.ts'
import { cancelledBy } from '../verify/session.ts'
import type { RunHooks } from '../verify/types.ts'
import { analyseDispatch } from './analyse-dispatch.ts'
import { mergeDocuments } from './merge-findings.ts'
import { compareOutputs, firstOfEachBuffer, type OutputBytes } from './order-dependence.ts'

/** A dispatch over buffers that hold what they must before it: made anew for every schedule. */
export interface Prepared {
  dispatch: Dispatch
  /** The buffers that the kernel writes, as they are now. */
  readOutputs(): Result<OutputBytes[]>
  release(): void
}

/** What every schedule of one dispatch came to. */
export interface ScheduleOutcome {
  document: AnalysisDocument
  orderDependence: OrderDependence[]
}

/** Counting once is enough: what a kernel moves does not depend on the order. */
function checksOf(schedule: number, checks: readonly AnalysisCheck[]): readonly AnalysisCheck[] {
  const rest = checks.filter((check) => check !== 'counters')
  return schedule === 0 || rest.length === 0 ? checks : rest
}

const describe = (schedule: number) => (schedule === 0 ? 'in order' : `shuffled by schedule ${schedule}`)

/**
 * Analyses a dispatch under each schedule. Schedule 0 runs simdgroups, lanes and threadgroups in order; the others shuffle
 * them, each in its own way, the same on every machine. Buffers that then differ are named beside what was found.
 */
export async function runSchedules(
  device: DeviceHandle,
  subject: { settings: AnalysisSettings; prepare: () => Result<Prepared> | Promise<Result<Prepared>> },
  hooks: RunHooks,
): Promise<Result<ScheduleOutcome>> {
  const { checks, schedules, timeoutMs } = subject.settings
  const documents: AnalysisDocument[] = []
  const dependences: OrderDependence[] = []
  let inOrder: OutputBytes[] = []
  for (let schedule = 0; schedule < schedules; schedule++) {
    const cancelled = cancelledBy(hooks)
    if (cancelled) return cancelled
    hooks.progress('analyse', schedule, schedules, describe(schedule))
    const prepared = await subject.prepare()
    if (!prepared.ok) return prepared
    const { dispatch, readOutputs, release } = prepared.value
    try {
      const document = await analyseDispatch(device, dispatch, {
        checks: checksOf(schedule, checks),
        schedule,
        timeoutMs,
      })
      if (!document.ok) return document
      documents.push(document.value)
      if (schedules === 1) continue
      const outputs = readOutputs()
      if (!outputs.ok) return outputs
      if (schedule === 0) inOrder = outputs.value
      else dependences.push(...compareOutputs(inOrder, outputs.value, schedule))
    } finally {
      if (!device.isLost) release()
    }
  }
  const document = mergeDocuments(documents)
  return document
    ? ok({ document, orderDependence: firstOfEachBuffer(dependences) })
    : fail({ kind: 'internal', message: 'an analysis without a schedule' })
}
