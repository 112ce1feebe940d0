import { fail, ok, type Result } from '#contract/error.ts'
import { flagSchema, provableFlags } from '#contract/manifest.ts'
import { type Answer, type Command, type Invocation, textOf } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { jobsHere, type ProofTask, proveVariants } from '../prove-variants.ts'

/** Proves every flag that is on and whose evidence no longer holds: after a new compiler, or a change of a kernel. */
async function proveAgain(
  invocation: Invocation,
  { device, isDry, jobs }: { device: string; isDry: boolean; jobs: number },
): Promise<Result<Answer>> {
  const lab = invocation.lab()
  const listed = await lab.request('flags.list', {})
  if (!listed.ok) return listed
  const tasks: ProofTask[] = []
  for (const { variant, flag, state, reason } of listed.value.flags) {
    if (state !== 'claimed') continue
    invocation.log(`${variant} ${flag}: ${reason}`)
    const known = tasks.find((task) => task.variant === variant)
    if (known) known.flags.push(flag)
    else tasks.push({ variant, flags: [flag] })
  }
  const answers = await proveVariants(invocation, tasks, { device, isDry, jobs })
  return answers.ok ? ok(answerAll(answers.value)) : answers
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
    const run = { device: device.value, isDry, jobs: 1 }
    const answers = await proveVariants(invocation, [{ variant, flags: [flag.data] }], run)
    if (!answers.ok) return answers
    const [answer] = answers.value
    return answer ? ok(answer) : fail({ kind: 'internal', message: 'a proof without a report' })
  },
}
