import { performance } from 'node:perf_hooks'
import type { AnalysisReport } from '#contract/analysis.ts'
import { fail, ok, type Result } from '#contract/error.ts'
import type { AnalysisSettings } from '#contract/ipc.ts'
import { unclaimedNote } from '../catalog/filter.ts'
import { operandBytes } from '../catalog/shape-names.ts'
import { includedFiles } from '../catalog/source-closure.ts'
import type { RunnableOp } from '../verify/kernel-ops.ts'
import { checkMemory, memoryLimits, memoryNeed, outOfMemory } from '../verify/memory.ts'
import { OperandBuffers } from '../verify/operand-buffers.ts'
import { createOperands, type Operands, readsOutput } from '../verify/operands.ts'
import { RunSession } from '../verify/session.ts'
import type { RunContext, RunHooks, VerifyOptions } from '../verify/types.ts'
import { refuseUnlessAnalysing } from './analyse-dispatch.ts'
import { type Prepared, runSchedules } from './run-schedules.ts'

/** Same selectors as a bench, and what to look for. */
export type AnalysisRequest = VerifyOptions & AnalysisSettings

/** Bytes of every operand, each moved once. */
function minimumBytes({ shape }: Operands): number {
  const { a, b, c, bias } = operandBytes(shape)
  return a + b + bias + (readsOutput(shape) ? 2 * c : c)
}

/** Buffers of their own for one schedule: what an output holds counts as uninitialised unless the result reads it. */
async function prepare({ device }: RunContext, operands: Operands, runnable: RunnableOp): Promise<Result<Prepared>> {
  const buffers = new OperandBuffers(device, operands, { hasUndefinedOutputs: true })
  const bound = await buffers.bind(runnable)
  const reset = bound.ok ? bound.value.reset('undefined') : bound
  if (!bound.ok || !reset.ok) {
    buffers.destroy()
    return reset as Result<never>
  }
  const output = runnable.plan.args.find((arg) => 'role' in arg && arg.role === 'C')
  return ok({
    dispatch: bound.value.dispatch,
    readOutputs: () => {
      const read = bound.value.read()
      if (!read.ok) return read
      const { buffer, byteOffset, byteLength } = read.value.output
      const bytes = new Uint8Array(buffer, byteOffset, byteLength)
      return ok([{ index: output?.index ?? -1, name: 'C', type: operands.shape.dtype, bytes }])
    },
    release: () => buffers.destroy(),
  })
}

async function analyseSession(
  context: RunContext,
  session: RunSession,
  { request, hooks }: { request: AnalysisRequest; hooks: RunHooks },
): Promise<Result<AnalysisReport>> {
  const { device } = context
  const { shape, kernel } = session
  const fits = checkMemory(shape, memoryNeed(shape, { sets: 1, outputs: 2 }), memoryLimits(device))
  if (!fits.ok) return fits
  const begin = performance.now()
  const startedAt = new Date().toISOString()
  hooks.progress('compile', 0, 0, kernel.id)
  const runnable = await session.ops.open(shape)
  if (!runnable.ok) return runnable
  const operands = await fillOperands(session, request)
  if (!operands.ok) return operands
  const subject = { settings: request, prepare: () => prepare(context, operands.value, runnable.value) }
  const outcome = await runSchedules(device, subject, hooks)
  if (!outcome.ok) return outcome
  const { grid, gridIsThreads, threads, entry } = runnable.value.plan
  const note = unclaimedNote(kernel.variant, shape)
  return ok({
    ...outcome.value.document,
    orderDependence: outcome.value.orderDependence,
    variant: kernel.id,
    entry,
    device: device.info.id,
    shape,
    ...(note === undefined ? {} : { note }),
    data: request.data,
    seed: request.seed,
    checks: request.checks,
    schedules: request.schedules,
    grid,
    gridIsThreads,
    threads,
    minimumBytes: minimumBytes(operands.value),
    files: includedFiles({ path: kernel.path, text: kernel.source, includeRoots: kernel.includeRoots }),
    sourceHash: kernel.sourceHash,
    compiler: session.ops.compiler,
    labVersion: context.labVersion,
    startedAt,
    wallNs: Math.round((performance.now() - begin) * 1e6),
  })
}

async function fillOperands({ shape }: RunSession, { data, seed }: AnalysisRequest): Promise<Result<Operands>> {
  try {
    return ok(await createOperands(shape, { data, seed }))
  } catch (thrown) {
    return outOfMemory(shape, thrown)
  }
}

/**
 * Runs a kernel on one shape under watch. What it does wrong are findings of the report; a failure says why there is no
 * report: `unsupported` for a device that cannot analyse and for the device's own library. Flags are not asked, as by a bench:
 * a shape that the manifest does not claim is watched all the same, and the report has a note.
 */
export async function runAnalysis(
  context: RunContext,
  request: AnalysisRequest,
  hooks: RunHooks,
): Promise<Result<AnalysisReport>> {
  const able = refuseUnlessAnalysing(context.device)
  if (!able.ok) return able
  const session = RunSession.begin(context, hooks, { ...request, isAnalysed: true })
  if (!session.ok) return session
  try {
    if (session.value.kernel.usesDeviceBaseline) {
      const message = `${session.value.kernel.id} is the device's own library: there is no source to analyse`
      return fail({ kind: 'unsupported', message })
    }
    return await analyseSession(context, session.value, { request, hooks })
  } finally {
    session.value.end()
  }
}
