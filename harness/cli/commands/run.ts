import { fail, type LabError, ok, type Result } from '#contract/error.ts'
import type { HostRequestInput, RunKernelReport } from '../../host/cli-requests.ts'
import { type Answer, type Command, type Invocation, listOf, textOf } from '../command.ts'
import { exitCodeOf, exitCodes } from '../exit-codes.ts'
import { formatNs } from '../output.ts'
import { parseArg, parseExtent, parseOutput, parseThreadgroupMemory } from '../parse-run-args.ts'
import { parseAll, readSourceOptions, sourceOptions } from '../source-options.ts'

const usage = `FILE --entry E (--grid X,Y,Z | --grid-threads X,Y,Z) --threads X,Y,Z [--tgmem INDEX=BYTES] --arg INDEX=SPEC …
         [--out INDEX=FILE.npy] [--constant NAME=V] [--seed S] [--timeout-ms N] [-I DIR] [-D NAME=V] [--device ID]
SPEC: buf:TYPE:INIT:COUNT | buf:TYPE:@FILE.npy | TYPE:VALUE | bytes:HEX
TYPE: i8 u8 i16 u16 i32 u32 i64 u64 f16 bf16 f32 bool; INIT: zeros ones iota nan randn uniform pm1 legacy
--grid counts threadgroups, --grid-threads threads. bf16 is stored in .npy as the uint16 of its bits.`

type RunInput = Omit<HostRequestInput<'cli.run'>, 'device'>

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

function readNumber(invocation: Invocation, name: string): Result<number | undefined> {
  const text = textOf(invocation, name)
  if (text === undefined) return ok(undefined)
  return /^\d+$/.test(text) && Number(text) > 0
    ? ok(Number(text))
    : invalid(`--${name} ${text}: expected a whole number from 1 on`)
}

function readRun(invocation: Invocation): Result<RunInput> {
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
  const outputs = parseAll(listOf(invocation, 'out'), parseOutput)
  if (!outputs.ok) return outputs
  const seed = readNumber(invocation, 'seed')
  if (!seed.ok) return seed
  const timeoutMs = readNumber(invocation, 'timeout-ms')
  if (!timeoutMs.ok) return timeoutMs
  return ok({
    ...source.value,
    ...grid.value,
    entry,
    threads: threads.value,
    args: args.value,
    threadgroupMemory: threadgroupMemory.value,
    outputs: outputs.value,
    ...(seed.value === undefined ? {} : { seed: seed.value }),
    ...(timeoutMs.value === undefined ? {} : { timeoutMs: timeoutMs.value }),
  })
}

/** A run that failed is a report too: what it says is what a script reads. */
function reportOf(error: LabError): RunKernelReport {
  const location =
    error.kind === 'device-lost' && error.file && error.line ? { location: { file: error.file, line: error.line } } : {}
  const known: Partial<Record<LabError['kind'], RunKernelReport['status']>> = {
    timeout: 'timeout',
    'device-lost': 'device-lost',
    unsupported: 'unsupported',
    invalid: 'invalid',
    'not-found': 'invalid',
    cancelled: 'cancelled',
  }
  return { status: known[error.kind] ?? 'failed', reason: error.message, ...location, outputs: [], timing: null }
}

function failed(invocation: Invocation, error: LabError): Result<Answer> {
  if (error.kind === 'missing-tool') return fail(error)
  const report = reportOf(error)
  invocation.log(`klab: ${error.message}`)
  const diagnostics = error.kind === 'compile' ? { diagnostics: error.diagnostics } : {}
  return ok({ document: { ...report, ...diagnostics }, text: `${report.status}`, exitCode: exitCodeOf(error) })
}

function describe({ status, reason, outputs, timing }: RunKernelReport): string {
  if (!timing) return `${status}: ${reason}`
  const unit = timing.timeDomain === 'gpu' ? 'GPU time' : timing.timeDomain === 'cpu' ? 'CPU time' : 'device time'
  const lines = outputs.map(({ index, type, count, file }) => {
    const note = type === 'bf16' && file ? ' (bits as uint16: .npy has no bfloat16)' : ''
    return `  buffer ${index}: ${count} × ${type} ${file ? `→ ${file}${note}` : '(not written: no --out)'}`
  })
  return [`${status}, ${formatNs(timing.deviceNs)} of ${unit}`, ...(reason ? [`  ${reason}`] : []), ...lines].join('\n')
}

export const command: Command = {
  summary: 'run any kernel once, with any arguments',
  usage,
  options: {
    ...sourceOptions,
    entry: { type: 'string' },
    grid: { type: 'string' },
    'grid-threads': { type: 'string' },
    threads: { type: 'string' },
    tgmem: { type: 'string', multiple: true },
    arg: { type: 'string', multiple: true },
    out: { type: 'string', multiple: true },
    seed: { type: 'string' },
    'timeout-ms': { type: 'string' },
  },
  async run(invocation) {
    const input = readRun(invocation)
    if (!input.ok) return failed(invocation, input.error)
    const device = await invocation.device()
    if (!device.ok) return device
    const ran = await invocation.lab().request('cli.run', { device: device.value, ...input.value })
    if (!ran.ok) return failed(invocation, ran.error)
    const exitCode = ran.value.status === 'ok' ? exitCodes.success : exitCodes.negative
    return ok({ document: ran.value, text: describe(ran.value), exitCode })
  },
}
