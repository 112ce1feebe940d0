import { availableParallelism } from 'node:os'
import { fail, type LabError, ok, type Result } from '#contract/error.ts'
import type { EvidenceRecord, ProofReport } from '#contract/evidence.ts'
import { type Flag, flagSchema, provableFlags } from '#contract/manifest.ts'
import { flagStatuses } from '../../catalog/flags.ts'
import type { Supervisor } from '../../host/supervisor.ts'
import { type Answer, type Command, type Invocation, textOf } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { openManifest } from '../open-workspace.ts'
import { runToEnd } from '../run-to-end.ts'

function describeReport({ variant, flag, state, failures, evidence }: ProofReport): string {
  const head = `${variant} ${flag}: ${state}`
  if (evidence)
    return `${head}\n  ${evidence.record.shapes.length} shapes × ${evidence.record.seeds.length} seeds, ${watchedText(evidence.record)}; evidence in ${evidence.file}`
  return [head, ...failures.map(({ message }) => `  ${message}`)].join('\n')
}

function watchedText({ sanitizer, mutants = [] }: EvidenceRecord): string {
  const rejected = mutants.filter(({ outcome }) => outcome === 'rejected').length
  if (sanitizer?.skipped !== undefined) return `not watched: ${sanitizer.skipped}`
  return `${sanitizer?.shapes.length ?? 0} watched; ${rejected} of ${mutants.length} mutants rejected, the others are no faults`
}

/** Dry, a flag that is off and would be earned is the answer that was asked for. */
function answerReport(report: ProofReport, isDry: boolean): Answer {
  const { gates: _, ...document } = report
  const couldBeTrue = document.failures.length === 0
  const text = describeReport(report)
  if (!isDry) return { document, text, exitCode: document.evidence ? exitCodes.success : exitCodes.negative }
  const exitCode = couldBeTrue ? exitCodes.success : exitCodes.negative
  return { document: { ...document, couldBeTrue }, text: couldBeTrue ? `${text}, could be true` : text, exitCode }
}

/** A kernel that cannot be compiled or run through the gates has not earned its flag; anything else is no answer. */
function answerFailure(
  invocation: Invocation,
  { variant, flag }: { variant: string; flag: Flag },
  error: LabError,
): Result<Answer> {
  const isAboutKernel = ['device-lost', 'timeout', 'compile', 'pipeline', 'unsupported'].includes(error.kind)
  const opened = openManifest(invocation.workspaceRoot)
  if (!isAboutKernel || !opened.ok) return fail(error)
  const { workspace, reading } = opened.value
  const state = flagStatuses(workspace, reading).find((one) => one.variant === variant && one.flag === flag)?.state
  const place = { gate: 'run', shape: '', seed: 0, index: 0, expected: null, actual: null }
  const document = { variant, flag, state: state ?? 'off', failures: [{ ...place, message: error.message }], error }
  return ok({
    document,
    text: `${variant} ${flag}: ${document.state}\n  ${error.message}`,
    exitCode: exitCodes.negative,
  })
}

/** Flags of one variant to put through their gates at once. */
interface Task {
  variant: string
  flags: Flag[]
}

/** Puts flags of a variant through their gates; an answer for each. */
async function proveTask(
  invocation: Invocation,
  { lab, device, isDry }: { lab: Supervisor; device: string; isDry: boolean },
  { variant, flags }: Task,
): Promise<Result<Answer[]>> {
  const start = () => lab.request('cli.proofs.start', { variant, flags, device, isDry })
  const outcome = await runToEnd(lab, start, invocation.log)
  if (!outcome.ok) return outcome
  const answers: Result<Answer>[] = []
  if (outcome.value.kind === 'failed') {
    for (const flag of flags) answers.push(answerFailure(invocation, { variant, flag }, outcome.value.error))
  } else if (outcome.value.kind === 'proofs') {
    answers.push(...outcome.value.reports.map((report) => ok(answerReport(report, isDry))))
    for (const { flag, error } of outcome.value.errors)
      answers.push(answerFailure(invocation, { variant, flag }, error))
  } else return fail({ kind: 'internal', message: `a proof ended as a ${outcome.value.kind}` })
  const failed = answers.find((answer) => !answer.ok)
  return failed && !failed.ok ? failed : ok(answers.flatMap((answer) => (answer.ok ? [answer.value] : [])))
}

/** One host is busy with one processor much of the time; beyond four, memory is what they would share. */
const jobsHere = () => Math.min(4, availableParallelism())

/** Proves every flag that is on and whose evidence no longer holds: after a new compiler, or a change of a kernel. */
async function proveAgain(
  invocation: Invocation,
  { device, isDry, jobs }: { device: string; isDry: boolean; jobs: number },
): Promise<Result<Answer>> {
  const lab = invocation.lab()
  const listed = await lab.request('flags.list', {})
  if (!listed.ok) return listed
  const tasks: Task[] = []
  for (const { variant, flag, state, reason } of listed.value.flags) {
    if (state !== 'claimed') continue
    invocation.log(`${variant} ${flag}: ${reason}`)
    const known = tasks.find((task) => task.variant === variant)
    if (known) known.flags.push(flag)
    else tasks.push({ variant, flags: [flag] })
  }
  const labs = [lab, ...Array.from({ length: Math.min(jobs, tasks.length) - 1 }, () => invocation.anotherLab())]
  const answers: Result<Answer[]>[] = []
  const left = tasks.entries()
  const work = async (own: Supervisor) => {
    for (const [at, task] of left) answers[at] = await proveTask(invocation, { lab: own, device, isDry }, task)
  }
  await Promise.all(labs.map(work))
  const failed = answers.find((answer) => !answer.ok)
  if (failed && !failed.ok) return failed
  return ok(answerAll(answers.flatMap((answer) => (answer.ok ? answer.value : []))))
}

function answerAll(proofs: readonly Answer[]): Answer {
  const failed = proofs.find(({ exitCode }) => exitCode !== exitCodes.success)
  return {
    document: { proofs: proofs.map(({ document }) => document) },
    text: proofs.map(({ text }) => text).join('\n') || 'every flag that is on is proven',
    exitCode: failed?.exitCode ?? exitCodes.success,
  }
}

export const command: Command = {
  summary: 'turn a capability flag on, if the kernel passes the gates for it',
  usage: `--variant BACKEND/NAME --flag ${provableFlags.join('|')} [--dry] [--device ID]
       klab prove --again [--dry] [--jobs N] [--device ID]
--again proves every flag that is on and whose evidence no longer holds.`,
  options: {
    variant: { type: 'string' },
    flag: { type: 'string' },
    again: { type: 'boolean' },
    dry: { type: 'boolean' },
    jobs: { type: 'string' },
  },
  maxPositionals: 0,
  async run(invocation) {
    const isDry = invocation.values.dry === true
    const variant = textOf(invocation, 'variant')
    const flag = flagSchema.safeParse(textOf(invocation, 'flag'))
    const isAgain = invocation.values.again === true
    if (isAgain && (variant !== undefined || textOf(invocation, 'flag') !== undefined))
      return fail({ kind: 'invalid', message: '--again takes every variant and flag: leave --variant and --flag out' })
    if (!isAgain && variant === undefined)
      return fail({ kind: 'invalid', message: 'say which variant: --variant BACKEND/NAME, or all with --again' })
    if (!isAgain && !flag.success)
      return fail({ kind: 'invalid', message: `--flag must be one of ${provableFlags.join(', ')}` })
    const jobs = Number(textOf(invocation, 'jobs') ?? jobsHere())
    if (!Number.isInteger(jobs) || jobs < 1)
      return fail({ kind: 'invalid', message: '--jobs is how many variants are proven at once: a number from 1 on' })
    const device = await invocation.device()
    if (!device.ok) return device
    if (variant === undefined || !flag.success) return proveAgain(invocation, { device: device.value, isDry, jobs })
    const run = { lab: invocation.lab(), device: device.value, isDry }
    const answers = await proveTask(invocation, run, { variant, flags: [flag.data] })
    if (!answers.ok) return answers
    const [answer] = answers.value
    return answer ? ok(answer) : fail({ kind: 'internal', message: 'a proof without a report' })
  },
}
