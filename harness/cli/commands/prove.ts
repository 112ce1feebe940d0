import { fail, type LabError, ok, type Result } from '#contract/error.ts'
import type { ProofReport } from '#contract/evidence.ts'
import { type Flag, flagSchema, provableFlags } from '#contract/manifest.ts'
import { flagStatuses } from '../../catalog/flags.ts'
import { type Answer, type Command, type Invocation, textOf } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { openManifest } from '../open-workspace.ts'
import { runToEnd } from '../run-to-end.ts'

function describeReport({ variant, flag, state, failures, evidence }: ProofReport): string {
  const head = `${variant} ${flag}: ${state}`
  if (evidence)
    return `${head}\n  ${evidence.record.shapes.length} shapes × ${evidence.record.seeds.length} seeds; evidence in ${evidence.file}`
  return [head, ...failures.map(({ message }) => `  ${message}`)].join('\n')
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

/** Puts one flag through its gates. */
async function proveOne(
  invocation: Invocation,
  { variant, flag, device, isDry }: { variant: string; flag: Flag; device: string; isDry: boolean },
): Promise<Result<Answer>> {
  const lab = invocation.lab()
  const start = () => lab.request('cli.proof.start', { variant, flag, device, isDry })
  const outcome = await runToEnd(lab, start, invocation.log)
  if (!outcome.ok) return outcome
  if (outcome.value.kind === 'failed') return answerFailure(invocation, { variant, flag }, outcome.value.error)
  if (outcome.value.kind === 'proof') return ok(answerReport(outcome.value.report, isDry))
  return fail({ kind: 'internal', message: `a proof ended as a ${outcome.value.kind}` })
}

/** Proves every flag that is on and whose evidence no longer holds: after a new compiler, or a change of a kernel. */
async function proveAgain(
  invocation: Invocation,
  { device, isDry }: { device: string; isDry: boolean },
): Promise<Result<Answer>> {
  const listed = await invocation.lab().request('flags.list', {})
  if (!listed.ok) return listed
  const claimed = listed.value.flags.filter(({ state }) => state === 'claimed')
  const proofs: Answer[] = []
  for (const { variant, flag, reason } of claimed) {
    invocation.log(`${variant} ${flag}: ${reason}`)
    const proof = await proveOne(invocation, { variant, flag, device, isDry })
    if (!proof.ok) return proof
    proofs.push(proof.value)
  }
  const failed = proofs.find(({ exitCode }) => exitCode !== exitCodes.success)
  return ok({
    document: { proofs: proofs.map(({ document }) => document) },
    text: proofs.map(({ text }) => text).join('\n') || 'every flag that is on is proven',
    exitCode: failed?.exitCode ?? exitCodes.success,
  })
}

export const command: Command = {
  summary: 'turn a capability flag on, if the kernel passes the gates for it',
  usage: `--variant BACKEND/NAME --flag ${provableFlags.join('|')} [--dry] [--device ID]
       klab prove --again [--dry] [--device ID]
--again proves every flag that is on and whose evidence no longer holds.`,
  options: {
    variant: { type: 'string' },
    flag: { type: 'string' },
    again: { type: 'boolean' },
    dry: { type: 'boolean' },
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
    const device = await invocation.device()
    if (!device.ok) return device
    if (variant === undefined || !flag.success) return proveAgain(invocation, { device: device.value, isDry })
    return proveOne(invocation, { variant, flag: flag.data, device: device.value, isDry })
  },
}
