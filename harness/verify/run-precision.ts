import { ok, type Result } from '#contract/error.ts'
import type { PrecisionReport, PrecisionSide } from '#contract/precision.ts'
import { errorDistribution } from './error-distribution.ts'
import { type Judged, judgeSubjects } from './gates.ts'
import { legacyError } from './legacy-error.ts'
import { checkShape } from './memory.ts'
import { cancelledBy, RunSession } from './session.ts'
import type { RunContext, RunHooks, VerifyOptions } from './types.ts'

/** Judges kernel and baseline on one shape and seed against the float64 truth, and shows how their errors spread. */
export async function runPrecision(
  context: RunContext,
  options: VerifyOptions,
  hooks: RunHooks,
): Promise<Result<PrecisionReport>> {
  const begun = RunSession.begin(context, hooks, options)
  if (!begun.ok) return begun
  const session = begun.value
  try {
    const fits = checkShape(context.device, session.shape, { sets: 1, outputs: 1 })
    if (!fits.ok) return fits
    hooks.progress('precision', 0, 1, `${options.data} data, seed ${options.seed}`)
    const { seed, data } = options
    const judged = await judgeSubjects(context, [session.kernelSubject, session.baselineSubject], {
      shape: session.shape,
      seed,
      data,
    })
    const cancelled = cancelledBy(hooks)
    if (cancelled) return cancelled
    if (!judged.ok) return judged
    if (!judged.value) {
      return {
        ok: false,
        error: {
          kind: 'unsupported',
          message: `±1 data needs K below 2²⁴ to be exact; this shape has K = ${session.shape.k}`,
        },
      }
    }
    const [kernel, baseline] = judged.value
    if (!kernel?.ok) return kernel as Result<never>
    hooks.progress('precision', 1, 1, 'done')
    return ok(await toReport({ context, session, options, kernel: kernel.value, baseline: baseline! }))
  } finally {
    session.end()
  }
}

interface Findings {
  context: RunContext
  session: RunSession
  options: VerifyOptions
  kernel: Judged
  baseline: Result<Judged>
}

async function toReport({ context, session, options, kernel, baseline }: Findings): Promise<PrecisionReport> {
  return {
    variant: session.kernel.id,
    shape: kernel.trial.shape,
    device: context.device.info.id,
    seed: options.seed,
    data: options.data,
    kernel: toSide(session.kernel.id, kernel),
    baseline: baseline.ok ? toSide(session.baselineSubject.name, baseline.value) : null,
    ...(baseline.ok ? {} : { baselineMissing: baseline.error.message }),
    ...(options.data === 'legacy' ? { legacy: await legacyError(kernel.trial.operands, kernel.outcome.output) } : {}),
  }
}

function toSide(name: string, { gates, error, trial, outcome }: Judged): PrecisionSide {
  return {
    name,
    error,
    passed: gates.every((gate) => gate.passed),
    ...errorDistribution(trial.shape, trial.truth, outcome.output),
  }
}
