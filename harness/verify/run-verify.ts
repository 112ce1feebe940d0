import { ok, type Result } from '#contract/error.ts'
import type { GateResult } from '#contract/evidence.ts'
import type { DataMode } from '#contract/row.ts'
import { formatShape } from '#contract/shape.ts'
import { type Judged, judgeSubjects } from './gates.ts'
import { legacyError } from './legacy-error.ts'
import { checkShape } from './memory.ts'
import { cancelledBy, RunSession } from './session.ts'
import type { RunContext, RunHooks, VerifyOptions, VerifyReport } from './types.ts'

const seedCount = 3

/**
 * Runs the gates on one kernel and shape. Random data: the derived bound and, on ±1 data, the exact gate, on three
 * seeds from `seed` on; ±1 data alone: the exact gate on three seeds; legacy data: the derived bound, once, with the
 * error by the old harness' formula. The baseline is judged beside it by the same gates and never decides `passed`.
 */
export async function runVerify(
  context: RunContext,
  options: VerifyOptions,
  hooks: RunHooks,
): Promise<Result<VerifyReport>> {
  const session = RunSession.begin(context, hooks, options)
  if (!session.ok) return session
  try {
    const fits = checkShape(context.device, session.value.shape, { sets: 1, outputs: 1 })
    return fits.ok ? await verifySession(context, session.value, { options, hooks }) : fits
  } finally {
    session.value.end()
  }
}

function rounds({ data, seed }: VerifyOptions): { data: DataMode; seed: number }[] {
  if (data === 'legacy') return [{ data, seed }]
  const seeds = Array.from({ length: seedCount }, (_, i) => seed + i)
  const kinds: DataMode[] = data === 'pm1' ? ['pm1'] : ['random', 'pm1']
  return seeds.flatMap((s) => kinds.map((kind) => ({ data: kind, seed: s })))
}

async function verifySession(
  context: RunContext,
  session: RunSession,
  { options, hooks }: { options: VerifyOptions; hooks: RunHooks },
): Promise<Result<VerifyReport>> {
  const report: VerifyReport = {
    passed: true,
    variant: session.kernel.id,
    shape: formatShape(session.shape),
    device: context.device.info.id,
    gates: [],
    error: { maxAbs: 0, maxRel: 0, maxUlp: 0 },
    baseline: { name: session.baselineSubject.name, passed: true, gates: [] },
  }
  const todo = rounds(options)
  for (const [done, { data, seed }] of todo.entries()) {
    const cancelled = cancelledBy(hooks)
    if (cancelled) return cancelled
    hooks.progress('verify', done, todo.length, `${data} data, seed ${seed}`)
    const subjects = report.baseline ? [session.kernelSubject, session.baselineSubject] : [session.kernelSubject]
    const judged = await judgeSubjects(context, subjects, { shape: session.shape, seed, data })
    if (!judged.ok) return judged
    const [kernel, baseline] = judged.value ?? []
    if (kernel && !kernel.ok) return kernel
    if (kernel) await addKernel(report, kernel.value, options)
    if (baseline) addBaseline(report, baseline)
  }
  report.passed = report.gates.every((gate) => gate.passed)
  return ok(report)
}

async function addKernel(
  report: VerifyReport,
  { gates, error, trial, outcome }: Judged,
  { data }: VerifyOptions,
): Promise<void> {
  report.gates.push(...gates)
  if (data === 'legacy') {
    report.error = await legacyError(trial.operands, outcome.output)
  } else if (trial.request.data === data) {
    const { maxAbs, maxRel, maxUlp = 0 } = report.error
    report.error = {
      maxAbs: Math.max(maxAbs, error.maxAbs),
      maxRel: Math.max(maxRel, error.maxRel),
      maxUlp: Math.max(maxUlp, error.maxUlp),
    }
  }
}

function addBaseline(report: VerifyReport, judged: Result<{ gates: GateResult[] }>): void {
  if (!report.baseline) return
  if (!judged.ok) {
    report.baseline = null
    report.baselineMissing = judged.error.message
    return
  }
  report.baseline.gates.push(...judged.value.gates)
  report.baseline.passed &&= judged.value.gates.every((gate) => gate.passed)
}
