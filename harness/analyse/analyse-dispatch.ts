import { type AnalysisCheck, type AnalysisDocument, analysisDocumentSchema } from '#contract/analysis.ts'
import { fail, ok, type Result } from '#contract/error.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { Dispatch } from '../bridge/run.ts'

/** One pass over a dispatch. */
export interface Pass {
  checks: readonly AnalysisCheck[]
  /** 0: in order; else the order is drawn from it. */
  schedule: number
  /** Absent: the device's own limit. */
  timeoutMs?: number | undefined
}

/** Refuses a device that cannot watch a kernel: `unsupported`. */
export function refuseUnlessAnalysing({ info }: DeviceHandle): Result<void> {
  if (info.capabilities.includes('analyse')) return ok(undefined)
  return fail({ kind: 'unsupported', message: `the ${info.id} device cannot analyse kernels; use --device cpu` })
}

/** Runs a dispatch once under watch. What it does wrong is in the document; a failure says why there is none. */
export async function analyseDispatch(
  device: DeviceHandle,
  dispatch: Dispatch,
  { checks, schedule, timeoutMs }: Pass,
): Promise<Result<AnalysisDocument>> {
  const analysed = await device.analyse({
    dispatches: [dispatch],
    checks,
    seed: schedule,
    ...(timeoutMs === undefined ? {} : { timeoutNs: timeoutMs * 1e6 }),
  })
  if (!analysed.ok) return analysed
  const parsed = analysisDocumentSchema.safeParse(JSON.parse(analysed.value.json))
  analysed.value.destroy()
  if (parsed.success) return ok(parsed.data)
  const issues = parsed.error.issues.slice(0, 3).map(({ path, message }) => `${path.join('.')}: ${message}`)
  return fail({ kind: 'internal', message: `the analysis is not what klab.h promises: ${issues.join('; ')}` })
}
