import { performance } from 'node:perf_hooks'
import type { AnalysisReport } from '#contract/analysis.ts'
import type { Entry } from '#contract/diagnostic.ts'
import { fail, ok, type Result } from '#contract/error.ts'
import type { AnalysisSettings } from '#contract/ipc.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { ModuleHandle } from '../bridge/module-handle.ts'
import { closureHash, includedFiles } from '../catalog/source-closure.ts'
import { openModule, openOp, readSource } from '../compile/compile-file.ts'
import { argsRefusal, type BoundBuffer, bindArgs } from '../run/bind-args.ts'
import type { RunKernel } from '../run/request.ts'
import { findEntry } from '../run/run-kernel.ts'
import type { RunContext, RunHooks } from '../verify/types.ts'
import { refuseUnlessAnalysing } from './analyse-dispatch.ts'
import type { OutputBytes } from './order-dependence.ts'
import { type Prepared, runSchedules, type ScheduleOutcome } from './run-schedules.ts'

/** A dispatch as `klab run` is given one, and what to look for. */
export type DispatchAnalysisRequest = Omit<RunKernel, 'outputs' | 'timeoutMs' | 'device'> & AnalysisSettings

function readOutputs(entry: Entry, buffers: readonly BoundBuffer[]): Result<OutputBytes[]> {
  const outputs: OutputBytes[] = []
  for (const { index, type, buffer, isWritable } of buffers) {
    if (!isWritable) continue
    const bytes = new Uint8Array(buffer.bytes)
    const read = buffer.read(bytes)
    if (!read.ok) return read
    const binding = entry.bindings.find((one) => one.index === index && one.kind !== 'threadgroup')
    outputs.push({ index, name: binding?.name ?? `buffer ${index}`, type, bytes })
  }
  return ok(outputs)
}

interface Opened {
  context: RunContext
  module: ModuleHandle
  entry: Entry
  request: DispatchAnalysisRequest
  hooks: RunHooks
}

async function analyseEntry(opened: Opened): Promise<Result<ScheduleOutcome & { minimumBytes: number }>> {
  const { context, module, entry, request, hooks } = opened
  const { device } = context
  const op = await openOp(module, { entry: request.entry, constants: request.constants, isAnalysed: true })
  if (!op.ok) return op
  let minimumBytes = 0
  const prepare = (): Result<Prepared> => {
    const bound = bindArgs(device, entry, request)
    if (!bound.ok) return bound
    const { args, buffers } = bound.value
    minimumBytes = buffers.reduce((sum, { buffer }) => sum + buffer.bytes, 0)
    const { grid, gridIsThreads, threads } = request
    return ok({
      dispatch: { op: op.value, args, grid, gridIsThreads, threads, barrierAfter: true },
      readOutputs: () => readOutputs(entry, buffers),
      release: () => {
        for (const { buffer } of buffers) buffer.destroy()
      },
    })
  }
  try {
    const outcome = await runSchedules(device, { settings: request, prepare }, hooks)
    return outcome.ok ? ok({ ...outcome.value, minimumBytes }) : outcome
  } finally {
    if (!device.isLost) op.value.destroy()
  }
}

async function analyseModule(
  context: RunContext,
  module: ModuleHandle,
  { request, hooks }: { request: DispatchAnalysisRequest; hooks: RunHooks },
): Promise<Result<AnalysisReport>> {
  const startedAt = new Date().toISOString()
  const begin = performance.now()
  const entry = findEntry(module, request)
  if (!entry.ok) return entry
  const refusal = argsRefusal(entry.value, { ...request, outputs: [] })
  if (refusal) return fail({ kind: 'invalid', message: refusal })
  const outcome = await analyseEntry({ context, module, entry: entry.value, request, hooks })
  if (!outcome.ok) return outcome
  const text = readSource(request.path)
  if (!text.ok) return text
  const source = { path: request.path, text: text.value, includeRoots: request.includeRoots }
  const { seed, checks, schedules, grid, gridIsThreads, threads } = request
  return ok({
    ...outcome.value.document,
    orderDependence: outcome.value.orderDependence,
    variant: `${request.path}:${request.entry}`,
    entry: request.entry,
    device: context.device.info.id,
    shape: null,
    data: 'given',
    seed,
    checks,
    schedules,
    grid,
    gridIsThreads,
    threads,
    minimumBytes: outcome.value.minimumBytes,
    files: includedFiles(source),
    sourceHash: closureHash(source),
    compiler: module.compiler,
    labVersion: context.labVersion,
    startedAt,
    wallNs: Math.round((performance.now() - begin) * 1e6),
  })
}

function cancelOnAbort(device: DeviceHandle, { signal }: RunHooks): () => void {
  const cancel = () => device.cancel()
  signal.addEventListener('abort', cancel)
  return () => signal.removeEventListener('abort', cancel)
}

/** Runs one entry of a file with any arguments under watch. Arguments are checked, and refused, as by `klab run`. */
export async function runDispatchAnalysis(
  context: RunContext,
  request: DispatchAnalysisRequest,
  hooks: RunHooks,
): Promise<Result<AnalysisReport>> {
  const able = refuseUnlessAnalysing(context.device)
  if (!able.ok) return able
  const stopListening = cancelOnAbort(context.device, hooks)
  try {
    hooks.progress('compile', 0, 0, request.entry)
    const module = await openModule(context.device, request)
    if (!module.ok) return module
    try {
      return await analyseModule(context, module.value, { request, hooks })
    } finally {
      if (!context.device.isLost) module.value.destroy()
    }
  } finally {
    stopListening()
  }
}
