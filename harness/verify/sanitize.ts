import { resolve } from 'node:path'
import type { Finding } from '#contract/analysis.ts'
import { fail, ok, type Result } from '#contract/error.ts'
import type { Flag } from '#contract/manifest.ts'
import type { Sanitizer } from '#contract/mutant.ts'
import { KernelOps } from './kernel-ops.ts'
import { cancelledBy, type RunSession } from './session.ts'
import { prepareTrial } from './trial.ts'
import type { RunContext, RunHooks } from './types.ts'
import { hashOutput, type WatchedShape, watchedChecks, watchedData, watchTrial } from './watch.ts'

/** Schedule 0 is the order without shuffling; in another, what depends on order shows. Telling shapes are run in both. */
const schedules = 2
const timeoutMs = 20_000
/** A slow machine must not make a large shape look like a hang. */
const timeoutOfLargeMs = 120_000

/** What watching a kernel found, each finding with the first shape that showed it. */
export interface Watched {
  findings: { shape: string; finding: Finding }[]
  shapes: WatchedShape[]
  schedules: number
  skipped?: string
  /** `file:line` of what indexes memory and was seen to run on no shape of a flag. */
  unwatched?: ReadonlyMap<Flag, readonly string[]>
}

/** Why a kernel cannot be watched here; null when it can. */
function whyNot({ device }: RunContext, { kernel }: RunSession): string | null {
  if (kernel.usesDeviceBaseline) return "the device's own library has no source to watch"
  if (!device.info.capabilities.includes('analyse')) return `the ${device.info.id} device cannot watch kernels`
  return null
}

/** Gate 5: runs a kernel under watch on some of a proof's shapes and notes which lines each of them runs. */
export async function watchKernel(
  context: RunContext,
  { session, shapes }: { session: RunSession; shapes: WatchedShape[] },
  hooks: RunHooks,
): Promise<Result<Watched>> {
  const skipped = whyNot(context, session)
  if (skipped !== null) return ok({ findings: [], shapes: [], schedules: 0, skipped })
  const ops = new KernelOps(context.device, session.kernel, { isAnalysed: true })
  const findings: Watched['findings'] = []
  try {
    for (const [done, watched] of shapes.entries()) {
      const cancelled = cancelledBy(hooks)
      if (cancelled) return cancelled
      hooks.progress('sanitizer', done, shapes.length, watched.text)
      const found = await watchShape(context, ops, watched)
      if (!found.ok) return hooks.signal.aborted ? fail({ kind: 'cancelled', message: 'cancelled' }) : found
      findings.push(...found.value.map((finding) => ({ shape: watched.text, finding })))
    }
    return ok({ findings, shapes, schedules })
  } finally {
    if (!context.device.isLost) ops.destroy()
  }
}

/** Runs one shape under watch, notes the lines that it runs and what it writes: what was found. */
export async function watchShape(
  context: RunContext,
  ops: KernelOps,
  watched: WatchedShape,
): Promise<Result<Finding[]>> {
  const trial = await prepareTrial(context, watched.shape, watchedData)
  if (!trial.ok) return trial
  const runnable = await ops.open(trial.value.shape)
  if (!runnable.ok) return runnable
  const subject = { trial: trial.value, runnable: runnable.value }
  context.underway?.({ shape: watched.text, seed: watchedData.seed }, watched.flags)
  for (let schedule = 0; schedule < (watched.isTelling ? schedules : 1); schedule++) {
    const checks = schedule === 0 ? ([...watchedChecks, 'counters'] as const) : watchedChecks
    const limit = watched.isLarge ? timeoutOfLargeMs : timeoutMs
    const seen = await watchTrial(context.device, subject, { checks, schedule, timeoutMs: limit })
    if (!seen.ok) return seen
    const { document, output } = seen.value
    for (const { file, line } of document.counters.lines) watched.lines.add(`${resolve(file)}:${line}`)
    watched.code = document.code
    if (schedule === 0) watched.bits = hashOutput(output)
    if (document.findings.length > 0) return ok(document.findings)
  }
  return ok([])
}

/** What the evidence of a flag says of it. */
export function sanitizerOf(watched: Watched, shapes: readonly WatchedShape[]): Sanitizer {
  const { schedules: orders, skipped } = watched
  return {
    shapes: shapes.map(({ text }) => text).sort(),
    checks: skipped === undefined ? [...watchedChecks] : [],
    schedules: orders,
    ...(skipped === undefined ? {} : { skipped }),
  }
}
