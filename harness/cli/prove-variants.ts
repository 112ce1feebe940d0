import { availableParallelism } from 'node:os'
import { fail, type LabError, ok, type Result } from '#contract/error.ts'
import type { EvidenceRecord, ProofReport } from '#contract/evidence.ts'
import type { Flag } from '#contract/manifest.ts'
import type { Supervisor } from '../host/supervisor.ts'
import { isKernels } from '../verify/proof-place.ts'
import type { Answer, Invocation } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { runToEnd } from './run-to-end.ts'

function describeReport({ variant, flag, state, failures, evidence, withdrawn }: ProofReport): string {
  const head = `${variant} ${flag}: ${state}`
  if (evidence)
    return `${head}\n  ${evidence.record.shapes.length} shapes × ${evidence.record.seeds.length} seeds, ${watchedText(evidence.record)}; evidence in ${evidence.file}`
  const taken = withdrawn === undefined ? [] : [`  its evidence of ${withdrawn} is taken back`]
  return [head, ...taken, ...failures.map(({ message }) => `  ${message}`)].join('\n')
}

function watchedText({ sanitizer, mutants = [] }: EvidenceRecord): string {
  const rejected = mutants.filter(({ outcome }) => outcome === 'rejected').length
  if (sanitizer?.skipped !== undefined) return `not watched: ${sanitizer.skipped}`
  const untested = mutants.filter(({ outcome }) => outcome === 'untested').length
  const others = [
    ...(untested > 0 ? [`${untested} untested, in lines that no watched shape runs`] : []),
    ...(rejected + untested < mutants.length ? [`${mutants.length - rejected - untested} no faults`] : []),
  ]
  const killed = [`${rejected} of ${mutants.length} mutants rejected`, ...others].join(', ')
  const open = sanitizer?.unwatchedLines ?? []
  const unwatched = open.length > 0 ? `, but no run of ${open.join(', ')}` : ''
  return `${sanitizer?.shapes.length ?? 0} watched${unwatched}; ${killed}`
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
async function answerFailure(
  { lab, device }: { lab: Supervisor; device: string },
  { variant, flag }: { variant: string; flag: Flag },
  error: LabError,
): Promise<Result<Answer>> {
  const isAboutKernel = ['device-lost', 'timeout', 'compile', 'pipeline', 'unsupported'].includes(error.kind)
  if (!isAboutKernel) return fail(error)
  const listed = await lab.request('flags.list', { device })
  if (!listed.ok) return fail(error)
  const state = listed.value.flags.find((one) => one.variant === variant && one.flag === flag)?.state
  const place = { gate: 'run', shape: '', seed: 0, index: 0, expected: null, actual: null }
  const document = { variant, flag, state: state ?? 'off', failures: [{ ...place, message: error.message }], error }
  return ok({
    document,
    text: `${variant} ${flag}: ${document.state}\n  ${error.message}`,
    exitCode: exitCodes.negative,
  })
}

/** Flags of one variant to put through their gates at once. */
export interface ProofTask {
  variant: string
  flags: Flag[]
}

/** Puts flags of a variant through their gates; an answer for each. */
async function proveTask(
  invocation: Invocation,
  { lab, device, isDry }: { lab: Supervisor; device: string; isDry: boolean },
  { variant, flags }: ProofTask,
): Promise<Result<Answer[]>> {
  const start = () => lab.request('cli.proofs.start', { variant, flags, device, isDry })
  const outcome = await runToEnd(lab, start, invocation.log)
  if (!outcome.ok) return outcome
  const answers: Result<Answer>[] = []
  if (outcome.value.kind === 'failed') {
    for (const flag of flags) answers.push(await answerFailure({ lab, device }, { variant, flag }, outcome.value.error))
  } else if (outcome.value.kind === 'proofs') {
    answers.push(...outcome.value.reports.map((report) => ok(answerReport(report, isDry))))
    const { reports, errors } = outcome.value
    // A crash ends the proofs of flags that had nothing to do with it: they are asked for once more, without the others.
    const again = reports.length > 0 ? errors.filter(({ error }) => isKernels(error)).map(({ flag }) => flag) : []
    for (const { flag, error } of errors)
      if (!again.includes(flag)) answers.push(await answerFailure({ lab, device }, { variant, flag }, error))
    if (again.length > 0) {
      const more = await proveTask(invocation, { lab, device, isDry }, { variant, flags: again })
      if (!more.ok) return more
      answers.push(...more.value.map(ok))
    }
  } else return fail({ kind: 'internal', message: `a proof ended as a ${outcome.value.kind}` })
  const failed = answers.find((answer) => !answer.ok)
  return failed && !failed.ok ? failed : ok(answers.flatMap((answer) => (answer.ok ? [answer.value] : [])))
}

/** One host is busy with one processor much of the time; beyond four, memory is what they would share. */
export const jobsHere = () => Math.min(4, availableParallelism())

/** Every task, some at a time, each in a host of its own; answers in the order of the tasks, or the first failure. */
export async function proveVariants(
  invocation: Invocation,
  tasks: readonly ProofTask[],
  { device, isDry, jobs }: { device: string; isDry: boolean; jobs: number },
): Promise<Result<Answer[]>> {
  const more = Math.max(0, Math.min(jobs, tasks.length) - 1)
  const labs = [invocation.lab(), ...Array.from({ length: more }, () => invocation.anotherLab())]
  const answers: Result<Answer[]>[] = []
  const left = tasks.entries()
  const work = async (lab: Supervisor) => {
    for (const [at, task] of left) answers[at] = await proveTask(invocation, { lab, device, isDry }, task)
  }
  await Promise.all(labs.map(work))
  const failed = answers.find((answer) => !answer.ok)
  if (failed && !failed.ok) return failed
  return ok(answers.flatMap((answer) => (answer.ok ? answer.value : [])))
}
