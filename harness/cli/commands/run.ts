import { fail, type LabError, ok, type Result } from '#contract/error.ts'
import { formatNs } from '#contract/quantity-text.ts'
import type { HostRequestInput } from '../../host/cli-requests.ts'
import type { RunKernelReport } from '../../run/request.ts'
import { type Answer, type Command, type Invocation, listOf } from '../command.ts'
import { dispatchHelp, dispatchOptions, dispatchUsage, readDispatch } from '../dispatch-options.ts'
import { exitCodeOf, exitCodes } from '../exit-codes.ts'
import { parseOutput } from '../parse-run-args.ts'
import { parseAll } from '../source-options.ts'

const usage = `${dispatchUsage}
         [--out INDEX=FILE.npy] [--constant NAME=V] [--seed S] [--timeout-ms N] [-I DIR] [-D NAME=V] [--device ID]
${dispatchHelp} bf16 is stored in .npy as the uint16 of its bits.`

type RunInput = Omit<HostRequestInput<'cli.run'>, 'device'>

function readRun(invocation: Invocation): Result<RunInput> {
  const dispatch = readDispatch(invocation)
  if (!dispatch.ok) return dispatch
  const outputs = parseAll(listOf(invocation, 'out'), parseOutput)
  return outputs.ok ? ok({ ...dispatch.value, outputs: outputs.value }) : outputs
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
  return ok({ document: { ...report, ...diagnostics }, text: '', exitCode: exitCodeOf(error) })
}

function describe({ status, reason, outputs, timing, tier }: RunKernelReport): string {
  if (!timing) return `${status}: ${reason}`
  const unit = timing.timeDomain === 'gpu' ? 'GPU time' : timing.timeDomain === 'cpu' ? 'CPU time' : 'device time'
  const lines = outputs.map(({ index, type, count, file }) => {
    const note = type === 'bf16' && file ? ' (bits as uint16: .npy has no bfloat16)' : ''
    return `  buffer ${index}: ${count} × ${type} ${file ? `→ ${file}${note}` : '(not written: no --out)'}`
  })
  const how = tier ? `, tier ${tier}` : ''
  return [
    `${status}, ${formatNs(timing.deviceNs)} of ${unit}${how}`,
    ...(reason ? [`  ${reason}`] : []),
    ...lines,
  ].join('\n')
}

export const command: Command = {
  summary: 'run any kernel once, with any arguments',
  usage,
  options: { ...dispatchOptions, out: { type: 'string', multiple: true } },
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
