import { writeFileSync } from 'node:fs'
import type { Entry } from '#contract/diagnostic.ts'
import { fail, ok, type Result } from '#contract/error.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { ModuleHandle } from '../bridge/module-handle.ts'
import type { OpHandle } from '../bridge/op-handle.ts'
import type { Sample } from '../bridge/types.ts'
import { openModule, openOp } from '../compile/compile-file.ts'
import { argsRefusal, type BoundArgs, type BoundBuffer, bindArgs } from './bind-args.ts'
import { elementFormats } from './elements.ts'
import { encodeNpy } from './npy.ts'
import type { RunKernel, RunKernelReport } from './request.ts'

/** The entry a request names; `compile` when the source has errors, `not-found` lists the entries there are. */
export function findEntry(module: ModuleHandle, request: Pick<RunKernel, 'entry' | 'path'>): Result<Entry> {
  const { report } = module
  const error = report.diagnostics.find(({ severity }) => severity === 'error')
  if (!report.ok) {
    const where = error ? `${error.file}:${error.line}:${error.column}: ${error.message}` : request.path
    return fail({ kind: 'compile', message: `the kernel does not compile: ${where}`, diagnostics: report.diagnostics })
  }
  const entry = report.entries.find(({ name }) => name === request.entry)
  if (entry) return ok(entry)
  const names = report.entries.map(({ name }) => name).join(', ') || 'none'
  return fail({ kind: 'not-found', message: `no kernel "${request.entry}" in ${request.path}; it has: ${names}` })
}

function writeOutput(bound: BoundBuffer, file: string): Result<void> {
  const data = new Uint8Array(bound.buffer.bytes)
  const read = bound.buffer.read(data)
  if (!read.ok) return read
  try {
    writeFileSync(file, encodeNpy({ dtype: elementFormats[bound.type].npy, shape: [bound.count], data }))
    return ok(undefined)
  } catch (error) {
    return fail({ kind: 'invalid', message: `--out ${bound.index}: cannot write ${file}: ${(error as Error).message}` })
  }
}

function collectOutputs(bound: BoundArgs, request: RunKernel): Result<RunKernelReport['outputs']> {
  const outputs: RunKernelReport['outputs'] = []
  for (const buffer of bound.buffers) {
    const file = request.outputs.find(({ index }) => index === buffer.index)?.file ?? null
    if (!buffer.isWritable && file === null) continue
    const written = file === null ? ok(undefined) : writeOutput(buffer, file)
    if (!written.ok) return written
    outputs.push({ index: buffer.index, type: buffer.type, count: buffer.count, file })
  }
  return ok(outputs)
}

/** What the kernel wrote outside its buffers, by argument; undefined when it kept within them. */
function overrunOf({ buffers }: BoundArgs): string | undefined {
  const damaged = buffers.map((bound) => ({ ...bound, ...bound.buffer.check() })).filter((one) => one.bytesDamaged > 0)
  if (damaged.length === 0) return undefined
  const told = damaged.map(({ index, description, bytesDamaged, firstOffset, buffer }) => {
    const place = firstOffset < 0 ? `${-firstOffset} bytes before its start` : `at byte ${firstOffset}`
    return `argument ${index}: the kernel wrote ${bytesDamaged} bytes outside ${description}, first ${place}; it has ${buffer.bytes} bytes`
  })
  return told.join('; ')
}

interface Prepared {
  device: DeviceHandle
  module: ModuleHandle
  op: OpHandle
}

function timingOf({ device, module, op }: Prepared, sample: Sample): RunKernelReport['timing'] {
  const { deviceNs, encodeNs, commitNs, waitNs } = sample
  const { optimiseNs, linkNs } = op.info
  const { frontEndNs } = module.report.timing
  return { timeDomain: device.info.timeDomain, deviceNs, encodeNs, commitNs, waitNs, frontEndNs, optimiseNs, linkNs }
}

async function dispatch(prepared: Prepared, bound: BoundArgs, request: RunKernel): Promise<Result<RunKernelReport>> {
  const { grid, gridIsThreads, threads } = request
  const one = { op: prepared.op, args: bound.args, grid, gridIsThreads, threads }
  const samples = await prepared.device.run({
    arms: [{ sets: [[one]], iterations: 1 }],
    mode: 'single',
    rounds: 1,
    ...(request.timeoutMs ? { timeoutNs: request.timeoutMs * 1e6 } : {}),
  })
  if (!samples.ok) return samples
  const sample = samples.value[0]
  if (!sample) return fail({ kind: 'internal', message: 'the device took no sample' })
  const outputs = collectOutputs(bound, request)
  if (!outputs.ok) return outputs
  const overrun = overrunOf(bound)
  const ending = overrun === undefined ? { status: 'ok' as const } : { status: 'failed' as const, reason: overrun }
  return ok({ ...ending, outputs: outputs.value, timing: timingOf(prepared, sample), tier: prepared.op.info.tier })
}

/**
 * Runs one entry of a file once with any arguments and writes the outputs asked for. Arguments are checked against
 * reflection before any memory is made and again by the device before anything runs; a refusal names the argument.
 * Every buffer lies between guard bands: a kernel that writes there ends as `failed`, naming the argument.
 */
export async function runKernel(device: DeviceHandle, request: RunKernel): Promise<Result<RunKernelReport>> {
  const module = await openModule(device, request)
  if (!module.ok) return module
  try {
    const entry = findEntry(module.value, request)
    if (!entry.ok) return entry
    const refusal = argsRefusal(entry.value, request)
    if (refusal) return fail({ kind: 'invalid', message: refusal })
    const op = await openOp(module.value, request)
    if (!op.ok) return op
    const bound = bindArgs(device, entry.value, request)
    try {
      return bound.ok ? await dispatch({ device, module: module.value, op: op.value }, bound.value, request) : bound
    } finally {
      if (bound.ok) for (const { buffer } of bound.value.buffers) buffer.destroy()
      op.value.destroy()
    }
  } finally {
    module.value.destroy()
  }
}
