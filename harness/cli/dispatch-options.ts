import { fail, ok, type Result } from '#contract/error.ts'
import type { RunKernel } from '../run/request.ts'
import { type Invocation, listOf, textOf } from './command.ts'
import { parseArg, parseExtent, parseThreadgroupMemory } from './parse-run-args.ts'
import { parseAll, readSourceOptions, sourceOptions } from './source-options.ts'

/** Options that give a dispatch by hand. */
export const dispatchOptions = {
  ...sourceOptions,
  entry: { type: 'string' },
  grid: { type: 'string' },
  'grid-threads': { type: 'string' },
  threads: { type: 'string' },
  tgmem: { type: 'string', multiple: true },
  arg: { type: 'string', multiple: true },
  seed: { type: 'string' },
  'timeout-ms': { type: 'string' },
} as const

export const dispatchUsage =
  'FILE --entry E (--grid X,Y,Z | --grid-threads X,Y,Z) --threads X,Y,Z [--tgmem INDEX=BYTES] --arg INDEX=SPEC …'

export const dispatchHelp = `SPEC: buf:TYPE:INIT:COUNT | buf:TYPE:[V,V,…] | buf:TYPE:@FILE.npy | TYPE:VALUE | bytes:HEX
TYPE: i8 u8 i16 u16 i32 u32 i64 u64 f16 bf16 f32 bool; INIT: zeros ones iota nan randn uniform pm1 legacy undefined
--grid counts threadgroups, --grid-threads threads.`

/** A dispatch as given; paths are absolute. */
export type DispatchInput = Omit<RunKernel, 'device' | 'outputs' | 'seed'> & { seed?: number }

const invalid = (message: string): Result<never> => fail({ kind: 'invalid', message })

function readGrid(invocation: Invocation): Result<{ grid: [number, number, number]; gridIsThreads: boolean }> {
  const groups = textOf(invocation, 'grid')
  const threads = textOf(invocation, 'grid-threads')
  const text = groups ?? threads
  if (text === undefined || (groups !== undefined && threads !== undefined))
    return invalid('give either --grid X,Y,Z (threadgroups) or --grid-threads X,Y,Z')
  const grid = parseExtent(text, groups === undefined ? '--grid-threads' : '--grid')
  return grid.ok ? ok({ grid: grid.value, gridIsThreads: groups === undefined }) : grid
}

/** A whole number from 1 on; undefined when the option is absent. */
export function readCount(invocation: Invocation, name: string): Result<number | undefined> {
  const text = textOf(invocation, name)
  if (text === undefined) return ok(undefined)
  return /^\d+$/.test(text) && Number(text) > 0
    ? ok(Number(text))
    : invalid(`--${name} ${text}: expected a whole number from 1 on`)
}

/** Reads the options; `invalid` says which is missing or wrong. */
export function readDispatch(invocation: Invocation): Result<DispatchInput> {
  const source = readSourceOptions(invocation)
  if (!source.ok) return source
  const entry = textOf(invocation, 'entry')
  if (entry === undefined) return invalid('--entry E is missing; klab compile FILE lists the kernels of a file')
  const threadsText = textOf(invocation, 'threads')
  if (threadsText === undefined) return invalid('--threads X,Y,Z, the size of a threadgroup, is missing')
  const grid = readGrid(invocation)
  if (!grid.ok) return grid
  const threads = parseExtent(threadsText, '--threads')
  if (!threads.ok) return threads
  const args = parseAll(listOf(invocation, 'arg'), parseArg)
  if (!args.ok) return args
  const threadgroupMemory = parseAll(listOf(invocation, 'tgmem'), parseThreadgroupMemory)
  if (!threadgroupMemory.ok) return threadgroupMemory
  const seed = readCount(invocation, 'seed')
  if (!seed.ok) return seed
  const timeoutMs = readCount(invocation, 'timeout-ms')
  if (!timeoutMs.ok) return timeoutMs
  return ok({
    ...source.value,
    ...grid.value,
    entry,
    threads: threads.value,
    args: args.value,
    threadgroupMemory: threadgroupMemory.value,
    ...(seed.value === undefined ? {} : { seed: seed.value }),
    ...(timeoutMs.value === undefined ? {} : { timeoutMs: timeoutMs.value }),
  })
}
