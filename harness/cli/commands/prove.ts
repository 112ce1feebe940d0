import { fail, ok, type Result } from '#contract/error.ts'
import { flagSchema, provableFlags } from '#contract/manifest.ts'
import { type Answer, type Command, type Invocation, textOf } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { jobsHere, type ProofTask, proveVariants } from '../prove-variants.ts'

/** Proves flags that are on: those whose evidence does not hold on the device, or with `isAll` every one. */
async function proveMany(
  invocation: Invocation,
  { isAll, ...run }: { device: string; isDry: boolean; jobs: number; isAll: boolean },
): Promise<Result<Answer>> {
  const listed = await invocation.lab().request('flags.list', { device: run.device })
  if (!listed.ok) return listed
  const tasks: ProofTask[] = []
  for (const { variant, flag, value, state, reason } of listed.value.flags) {
    if (!value || (state === 'proven' && !isAll)) continue
    invocation.log(`${variant} ${flag}: ${state === 'proven' ? `once more, ${reason}` : reason}`)
    const known = tasks.find((task) => task.variant === variant)
    if (known) known.flags.push(flag)
    else tasks.push({ variant, flags: [flag] })
  }
  const answers = await proveVariants(invocation, tasks, run)
  return answers.ok ? ok(answerAll(answers.value)) : answers
}

function answerAll(proofs: readonly Answer[]): Answer {
  const failed = proofs.find(({ exitCode }) => exitCode !== exitCodes.success)
  return {
    document: { proofs: proofs.map(({ document }) => document) },
    text: proofs.map(({ text }) => text).join('\n') || 'no flag that is on has to be proven',
    exitCode: failed?.exitCode ?? exitCodes.success,
  }
}

export const command: Command = {
  summary: 'turn a capability flag on, if the kernel passes the gates for it',
  usage: `--variant BACKEND/NAME --flag ${provableFlags.join('|')} [--dry] [--device ID]
       klab prove --again|--all [--dry] [--jobs N] [--device ID]
--again proves every flag that is on and that shows as claimed on the device: what shows as proven is left alone.
--all proves every flag that is on, whatever its evidence says. The digest in an evidence file is a checksum that tells a
hand edit, no signature: against evidence that was made up only proving again helps. A project's CI can run it.
A flag that fails while it is on stays on as claimed, and the evidence that it had is taken back. With --dry neither
evidence nor manifest is written, but a flag that fails counts as claimed all the same.`,
  options: {
    variant: { type: 'string' },
    flag: { type: 'string' },
    again: { type: 'boolean' },
    all: { type: 'boolean' },
    dry: { type: 'boolean' },
    jobs: { type: 'string' },
  },
  maxPositionals: 0,
  async run(invocation) {
    const isDry = invocation.values.dry === true
    const variant = textOf(invocation, 'variant')
    const flag = flagSchema.safeParse(textOf(invocation, 'flag'))
    const many = (['again', 'all'] as const).filter((name) => invocation.values[name] === true)
    if (many.length > 1)
      return fail({ kind: 'invalid', message: '--all proves what --again does and more: leave one out' })
    if (many.length > 0 && (variant !== undefined || textOf(invocation, 'flag') !== undefined))
      return fail({
        kind: 'invalid',
        message: `--${many[0]} takes every variant and flag: leave --variant and --flag out`,
      })
    if (many.length === 0 && variant === undefined)
      return fail({
        kind: 'invalid',
        message: 'say which variant: --variant BACKEND/NAME, or all with --again or --all',
      })
    if (many.length === 0 && !flag.success)
      return fail({ kind: 'invalid', message: `--flag must be one of ${provableFlags.join(', ')}` })
    const jobs = Number(textOf(invocation, 'jobs') ?? jobsHere())
    if (!Number.isInteger(jobs) || jobs < 1)
      return fail({ kind: 'invalid', message: '--jobs is how many variants are proven at once: a number from 1 on' })
    const device = await invocation.device()
    if (!device.ok) return device
    if (variant === undefined || !flag.success)
      return proveMany(invocation, { device: device.value, isDry, jobs, isAll: many[0] === 'all' })
    const run = { device: device.value, isDry, jobs: 1 }
    const answers = await proveVariants(invocation, [{ variant, flags: [flag.data] }], run)
    if (!answers.ok) return answers
    const [answer] = answers.value
    return answer ? ok(answer) : fail({ kind: 'internal', message: 'a proof without a report' })
  },
}
