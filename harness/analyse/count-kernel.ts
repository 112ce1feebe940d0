import type { LineCounts } from '#contract/analysis.ts'
import type { Result } from '#contract/error.ts'
import { ok } from '#contract/error.ts'
import type { Shape } from '#contract/shape.ts'
import { resolveTarget } from '../catalog/resolve-target.ts'
import type { RunContext, RunHooks } from '../verify/types.ts'
import { runAnalysis } from './run-analysis.ts'

/** What a table of counted figures is about. */
export interface CountSubject {
  /** Path of the kernel below the workspace. */
  file: string
  /** An entry of the file, or a variant `backend/name`. */
  subject: string
  shape: Shape
}

/**
 * The totals of one run in order, with random data of seed 1, in the kernel's own element type: what the figures of a
 * kernel's header are compared with. Fails as an analysis does.
 */
export async function countKernel(
  context: RunContext,
  { file, subject, shape }: CountSubject,
  hooks: RunHooks,
): Promise<Result<LineCounts>> {
  const target = subject.includes('/') ? subject : `${file}:${subject}`
  const kernel = resolveTarget(context.workspace, target)
  if (!kernel.ok) return kernel
  const settings = { data: 'random', seed: 1, schedules: 1, checks: ['counters'] } as const
  const request = { ...settings, checks: [...settings.checks], target, shape: { ...shape, dtype: kernel.value.dtype } }
  const report = await runAnalysis(context, request, hooks)
  return report.ok ? ok(report.value.counters.total) : report
}
