import type { Binding, Entry } from '#contract/diagnostic.ts'
import { fail, ok, type Result } from '#contract/error.ts'
import type { ScalarType } from '#contract/launch.ts'
import type { BufferHandle } from '../bridge/buffer-handle.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { Arg } from '../bridge/run.ts'
import { scalarWriters } from '../bridge/scalar.ts'
import { parseScalar } from '../compile/parse-scalar.ts'
import { createData, createSources, type DataSources, readData } from './buffer-data.ts'
import { describeBinding, listBindings, typeRefusal } from './check-binding.ts'
import { elementFormats } from './elements.ts'
import type { RunArg, RunKernel } from './request.ts'

/** A buffer of the run, to be read back afterwards. */
export interface BoundBuffer {
  index: number
  type: ScalarType
  count: number
  buffer: BufferHandle
  isWritable: boolean
  /** `buffer 0 (device half* a)` */
  description: string
}

export interface BoundArgs {
  args: Arg[]
  buffers: BoundBuffer[]
}

const refuse = (message: string): Result<never> => fail({ kind: 'invalid', message })

/** Says why an argument can be bound to no binding of the entry; null when it can. */
function argRefusal(entry: Entry, arg: RunArg): string | null {
  const memory = entry.bindings.filter(({ kind }) => kind !== 'threadgroup')
  const binding = memory.find(({ index }) => index === arg.index)
  if (!binding)
    return `argument ${arg.index}: ${entry.name} has no such binding; it has ${listBindings(entry.bindings)}`
  if (arg.kind === 'bytes') return null
  return typeRefusal(binding, arg.type)
}

/** Everything that is wrong with the arguments of an entry, before any memory is made for them. */
export function argsRefusal(
  entry: Entry,
  request: Pick<RunKernel, 'args' | 'threadgroupMemory' | 'outputs'>,
): string | null {
  const given = request.args.map(({ index }) => index)
  const twice = given.find((index, i) => given.indexOf(index) !== i)
  if (twice !== undefined) return `argument ${twice} is given twice`
  const wrong = request.args.map((arg) => argRefusal(entry, arg)).find((why) => why !== null)
  if (wrong) return wrong
  const isBound = ({ kind, index }: Binding) =>
    kind === 'threadgroup' ? request.threadgroupMemory.some((one) => one.index === index) : given.includes(index)
  const missing = entry.bindings.filter((binding) => !binding.isOptional && !isBound(binding))
  if (missing.length > 0) {
    const option = missing[0]?.kind === 'threadgroup' ? '--tgmem' : '--arg'
    return `argument ${missing[0]?.index}: nothing is bound to ${listBindings(missing)}; give ${option} ${missing[0]?.index}=…`
  }
  const buffers = request.args.filter(({ kind }) => kind !== 'value' && kind !== 'bytes').map(({ index }) => index)
  const notBuffer = request.outputs.find(({ index }) => !buffers.includes(index))
  return notBuffer ? `--out ${notBuffer.index}: argument ${notBuffer.index} is not a buffer` : null
}

function listBytes(arg: { index: number; type: ScalarType; values: string[] }): Result<Uint8Array> {
  const elementBytes = elementFormats[arg.type].bytes
  const bytes = new Uint8Array(arg.values.length * elementBytes)
  const view = new DataView(bytes.buffer)
  for (const [i, text] of arg.values.entries()) {
    const value = parseScalar(arg.type, text)
    if (!value.ok) return refuse(`argument ${arg.index}: ${value.error.message}`)
    scalarWriters[arg.type](view, i * elementBytes, value.value)
  }
  return ok(bytes)
}

function valueBytes(arg: Extract<RunArg, { kind: 'value' | 'bytes' }>): Result<Uint8Array> {
  if (arg.kind === 'bytes') return ok(new Uint8Array(Buffer.from(arg.hex, 'hex')))
  return listBytes({ ...arg, values: [arg.value] })
}

/** Makes the buffer before its data, so that one the device cannot hold is refused before memory is spent on it. */
function makeBuffer(
  device: DeviceHandle,
  arg: Extract<RunArg, { kind: 'buffer' | 'list' | 'file' }>,
  sources: DataSources,
) {
  const elementBytes = elementFormats[arg.type].bytes
  const given = arg.kind === 'file' ? readData(arg) : arg.kind === 'list' ? listBytes(arg) : null
  if (given && !given.ok) return given
  const bytes = given?.value.length ?? (arg.kind === 'buffer' ? arg.count * elementBytes : 0)
  const isUndefined = arg.kind === 'buffer' && arg.init === 'undefined'
  const buffer = device.createBuffer({ bytes, guarded: true, isUndefined })
  if (!buffer.ok) return fail({ ...buffer.error, message: `argument ${arg.index}: ${buffer.error.message}` })
  // Memory of a new buffer is zero already.
  if (isUndefined || (arg.kind === 'buffer' && arg.init === 'zeros'))
    return ok({ buffer: buffer.value, count: arg.count })
  const data = given ?? createData(arg as Extract<RunArg, { kind: 'buffer' }>, sources)
  const written = data.ok ? buffer.value.write(data.value) : data
  if (written.ok) return ok({ buffer: buffer.value, count: bytes / elementBytes })
  buffer.value.destroy()
  return written
}

type BindRequest = Pick<RunKernel, 'args' | 'threadgroupMemory' | 'seed'>

/** Makes the memory of checked arguments. On failure nothing is left behind. */
export function bindArgs(device: DeviceHandle, entry: Entry, request: BindRequest): Result<BoundArgs> {
  const sources = createSources(request.seed)
  const bound: BoundArgs = {
    args: request.threadgroupMemory.map(({ index, bytes }) => ({ index, threadgroupBytes: bytes })),
    buffers: [],
  }
  const abandon = (result: Result<never>) => {
    for (const { buffer } of bound.buffers) buffer.destroy()
    return result
  }
  for (const arg of request.args.toSorted((a, b) => a.index - b.index)) {
    const { index } = arg
    if (arg.kind === 'value' || arg.kind === 'bytes') {
      const bytes = valueBytes(arg)
      if (!bytes.ok) return abandon(bytes)
      bound.args.push({ index, bytes: bytes.value })
      continue
    }
    const made = makeBuffer(device, arg, sources)
    if (!made.ok) return abandon(made)
    const binding = entry.bindings.find((one) => one.index === index && one.kind !== 'threadgroup')
    bound.args.push({ index, buffer: made.value.buffer })
    bound.buffers.push({
      index,
      type: arg.type,
      ...made.value,
      isWritable: binding?.kind === 'buffer' && binding.access !== 'read',
      description: binding ? describeBinding(binding) : `buffer ${index}`,
    })
  }
  return ok(bound)
}
