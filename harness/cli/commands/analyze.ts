import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type AnalysisReport, analysisCheckSchema, analysisChecks } from '#contract/analysis.ts'
import { fail, ok, type Result } from '#contract/error.ts'
import type { AnalysisSettings } from '#contract/ipc.ts'
import { describeAnalysis } from '../analysis-text.ts'
import { type Answer, type Command, type Invocation, textOf } from '../command.ts'
import { dispatchHelp, dispatchOptions, dispatchUsage, readCount, readDispatch } from '../dispatch-options.ts'
import { exitCodes } from '../exit-codes.ts'
import { runToEnd } from '../run-to-end.ts'
import { toSarif } from '../sarif.ts'
import { readTargetOptions, targetOptions, targetUsage } from '../target-options.ts'

const common = '[--checks LIST] [--seeds N] [--os-threads N] [--timeout-ms N] [--timing] [--sarif FILE|-] [--device ID]'
const usage = `${targetUsage} ${common}
       klab analyze ${dispatchUsage}
         [--constant NAME=V] [--seed S] [-I DIR] [-D NAME=V] ${common}
LIST: some of ${analysisChecks.join(',')} (default: all)
--seeds runs N orders of simdgroups, lanes and threadgroups (default 1, in order) and compares what they leave in memory.
--os-threads is accepted, and so is --threads where no dispatch is given; an analysis runs on one thread all the same.
--timing adds when it began to --json and --sarif, which are otherwise the same bytes every time.
--sarif writes a SARIF 2.1.0 log, with - to stdout. Exit status 1 also when results depend on the order.
${dispatchHelp}`

const invalid = (message: string): Result<never> => fail({ kind: 'invalid', message })

type Settings = Pick<AnalysisSettings, 'checks' | 'schedules'> & { timeoutMs?: number; osThreads?: number }

function readChecks(invocation: Invocation): Result<AnalysisSettings['checks']> {
  const text = textOf(invocation, 'checks')
  if (text === undefined || text === 'all') return ok([...analysisChecks])
  const names = text.split(',').map((name) => name.trim())
  const checks = analysisCheckSchema.array().min(1).safeParse(names)
  const unknown = names.find((name) => !analysisCheckSchema.safeParse(name).success)
  if (!checks.success) return invalid(`--checks: no check "${unknown}"; there are: ${analysisChecks.join(', ')}`)
  return ok(analysisChecks.filter((check) => checks.data.includes(check)))
}

function readSettings(invocation: Invocation, isDispatch: boolean): Result<Settings> {
  const checks = readChecks(invocation)
  if (!checks.ok) return checks
  const schedules = readCount(invocation, 'seeds')
  if (!schedules.ok) return schedules
  if ((schedules.value ?? 1) > 64) return invalid('--seeds: 64 orders at most')
  const named = textOf(invocation, 'os-threads') === undefined && !isDispatch ? 'threads' : 'os-threads'
  const osThreads = readCount(invocation, named)
  if (!osThreads.ok) return osThreads
  const timeoutMs = readCount(invocation, 'timeout-ms')
  if (!timeoutMs.ok) return timeoutMs
  return ok({
    checks: checks.value,
    schedules: schedules.value ?? 1,
    ...(osThreads.value === undefined ? {} : { osThreads: osThreads.value }),
    ...(timeoutMs.value === undefined ? {} : { timeoutMs: timeoutMs.value }),
  })
}

type Start = (device: string) => Promise<Result<{ runId: string }>>

/** How to start what the options ask for. Everything that can be refused without a device is. */
function readStart(invocation: Invocation): Result<Start> {
  const isDispatch = ['entry', 'grid', 'grid-threads', 'arg'].some((name) => invocation.values[name] !== undefined)
  const settings = readSettings(invocation, isDispatch)
  if (!settings.ok) return settings
  if (isDispatch) {
    const dispatch = readDispatch(invocation)
    if (!dispatch.ok) return dispatch
    const input = { ...dispatch.value, ...settings.value }
    return ok((device) => invocation.lab().request('cli.analysis.dispatch', { ...input, device }))
  }
  const read = readTargetOptions(invocation)
  if (!read.ok) return read
  const { shapes, ...target } = read.value
  const [shape, second] = shapes
  if (!shape || second) return invalid('analyze takes one --shape')
  const input = { ...target, ...settings.value, shape }
  return ok((device) => invocation.lab().request('cli.analysis.start', { ...input, device }))
}

async function analyse(invocation: Invocation, start: Start): Promise<Result<AnalysisReport>> {
  const device = await invocation.device()
  if (!device.ok) return device
  const outcome = await runToEnd(invocation.lab(), () => start(device.value), invocation.log)
  if (!outcome.ok) return outcome
  if (outcome.value.kind === 'analysis') return ok(outcome.value.report)
  if (outcome.value.kind === 'failed') return fail(outcome.value.error)
  return fail({ kind: 'internal', message: `an analysis ended as a ${outcome.value.kind}` })
}

function writeSarif(log: object, file: string): Result<void> {
  try {
    writeFileSync(file, `${JSON.stringify(log, null, 2)}\n`)
    return ok(undefined)
  } catch (error) {
    return invalid(`--sarif: cannot write ${file}: ${(error as Error).message}`)
  }
}

function answer(invocation: Invocation, report: AnalysisReport): Result<Answer> {
  const sarif = textOf(invocation, 'sarif')
  const isClean = report.findings.length === 0 && report.orderDependence.length === 0
  const exitCode = isClean ? exitCodes.success : exitCodes.negative
  const isTimed = invocation.values.timing === true
  const log = sarif === undefined ? null : toSarif(report, invocation.workspaceRoot, isTimed)
  if (log && sarif === '-') return ok({ document: log, text: JSON.stringify(log, null, 2), exitCode })
  const written = log && sarif !== undefined ? writeSarif(log, resolve(sarif)) : ok(undefined)
  if (!written.ok) return written
  const { startedAt: _, wallNs: __, ...lasting } = report
  const document = isTimed ? report : lasting
  return ok({ document, text: describeAnalysis(report, invocation.workspaceRoot), exitCode })
}

export const command: Command = {
  summary: 'watch every access of a kernel: races, bounds, uninitialised reads, and what each line moves',
  usage,
  options: {
    ...targetOptions,
    ...dispatchOptions,
    checks: { type: 'string' },
    seeds: { type: 'string' },
    'os-threads': { type: 'string' },
    timing: { type: 'boolean' },
    sarif: { type: 'string' },
  },
  async run(invocation) {
    const start = readStart(invocation)
    if (!start.ok) return start
    const report = await analyse(invocation, start.value)
    return report.ok ? answer(invocation, report.value) : report
  },
}
