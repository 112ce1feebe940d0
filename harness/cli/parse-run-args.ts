import { resolve } from 'node:path'
import { fail, ok, type Result } from '#contract/error.ts'
import { scalarTypeSchema } from '#contract/launch.ts'
import { bufferInits, type RunArg } from '../run/request.ts'

const invalid = (message: string): Result<never> => fail({ kind: 'invalid', message })

type Extent = [number, number, number]

/** `X`, `X,Y` or `X,Y,Z`, each at least 1; axes left out are 1. */
export function parseExtent(text: string, option: string): Result<Extent> {
  const axes = text.split(',').map(Number)
  const isValid = axes.length <= 3 && axes.every((axis) => Number.isInteger(axis) && axis >= 1 && axis < 2 ** 32)
  return isValid
    ? ok([axes[0] ?? 1, axes[1] ?? 1, axes[2] ?? 1])
    : invalid(`${option} ${text}: expected X,Y,Z, each a whole number from 1 on`)
}

/** `INDEX=REST` with an index of a binding. */
export function splitIndex(text: string, option: string): Result<{ index: number; rest: string }> {
  const [, index, rest] = /^(\d{1,2})=(.+)$/s.exec(text) ?? []
  if (index === undefined || rest === undefined)
    return invalid(`${option} ${text}: expected INDEX=…, with INDEX from 0 to 30`)
  return Number(index) <= 30
    ? ok({ index: Number(index), rest })
    : invalid(`${option} ${text}: binding indices end at 30`)
}

function parseList({
  index,
  typeText,
  list,
  where,
}: {
  index: number
  typeText: string
  list: string
  where: string
}): Result<RunArg> {
  const type = scalarTypeSchema.safeParse(typeText)
  if (!type.success)
    return invalid(`${where}: no type "${typeText}"; there are: ${scalarTypeSchema.options.join(', ')}`)
  const values = list.split(',').map((value) => value.trim())
  if (values.some((value) => value === '')) return invalid(`${where}: expected a number between all commas of [V,V,…]`)
  return ok({ kind: 'list', index, type: type.data, values })
}

function parseBuffer(index: number, spec: string): Result<RunArg> {
  const where = `--arg ${index}=${spec}`
  const [, listType = '', list] = /^buf:(\w+):\[(.*)\]$/s.exec(spec) ?? []
  if (list !== undefined) return parseList({ index, typeText: listType, list, where })
  const [, typeText = '', init = '', countText] = /^buf:(\w+):(@.+|[^:]+)(?::([^:]+))?$/s.exec(spec) ?? []
  const type = scalarTypeSchema.safeParse(typeText)
  if (!init) return invalid(`${where}: expected buf:TYPE:INIT:COUNT, buf:TYPE:[V,V,…] or buf:TYPE:@FILE.npy`)
  if (!type.success)
    return invalid(`${where}: no type "${typeText}"; there are: ${scalarTypeSchema.options.join(', ')}`)
  if (init.startsWith('@')) {
    const file = countText === undefined ? init.slice(1) : `${init.slice(1)}:${countText}`
    return ok({ kind: 'file', index, type: type.data, file: resolve(file) })
  }
  const known = bufferInits.find((one) => one === init)
  if (!known) return invalid(`${where}: no init "${init}"; there are: ${bufferInits.join(', ')}, @FILE.npy`)
  const count = Number(countText)
  if (countText === undefined || !Number.isInteger(count) || count < 1)
    return invalid(`${where}: COUNT must be a whole number from 1 on`)
  return ok({ kind: 'buffer', index, type: type.data, init: known, count })
}

/** `INDEX=SPEC`: `buf:TYPE:INIT:COUNT`, `buf:TYPE:[V,V,…]`, `buf:TYPE:@FILE.npy`, `TYPE:VALUE` or `bytes:HEX`. */
export function parseArg(text: string): Result<RunArg> {
  const split = splitIndex(text, '--arg')
  if (!split.ok) return split
  const { index, rest } = split.value
  if (rest.startsWith('buf:')) return parseBuffer(index, rest)
  const [, head = '', value = ''] = /^(\w+):(.+)$/s.exec(rest) ?? []
  if (head === 'bytes') {
    const isHex = /^(?:[\da-f]{2})+$/i.test(value)
    return isHex
      ? ok({ kind: 'bytes', index, hex: value })
      : invalid(`--arg ${text}: expected an even number of hexadecimal digits`)
  }
  const type = scalarTypeSchema.safeParse(head)
  if (type.success) return ok({ kind: 'value', index, type: type.data, value })
  return invalid(
    `--arg ${text}: expected buf:TYPE:INIT:COUNT, buf:TYPE:[V,V,…], buf:TYPE:@FILE.npy, TYPE:VALUE or bytes:HEX; types: ${scalarTypeSchema.options.join(', ')}`,
  )
}

/** `INDEX=BYTES` of threadgroup memory. */
export function parseThreadgroupMemory(text: string): Result<{ index: number; bytes: number }> {
  const split = splitIndex(text, '--tgmem')
  if (!split.ok) return split
  const bytes = Number(split.value.rest)
  if (!Number.isInteger(bytes) || bytes < 1) return invalid(`--tgmem ${text}: BYTES must be a whole number from 1 on`)
  return ok({ index: split.value.index, bytes })
}

/** `INDEX=FILE.npy` to write a buffer to. */
export function parseOutput(text: string): Result<{ index: number; file: string }> {
  const split = splitIndex(text, '--out')
  return split.ok ? ok({ index: split.value.index, file: resolve(split.value.rest) }) : split
}
