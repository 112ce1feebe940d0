import { fail, ok } from '#contract/error.ts'
import type { ProofReport } from '#contract/evidence.ts'
import { flagSchema, provableFlags } from '#contract/manifest.ts'
import { type Command, textOf } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { runToEnd } from '../run-to-end.ts'

function describeReport({ variant, flag, state, failures, evidence }: ProofReport): string {
  const head = `${variant} ${flag}: ${state}`
  if (evidence)
    return `${head}\n  ${evidence.record.shapes.length} shapes × ${evidence.record.seeds.length} seeds; evidence in ${evidence.file}`
  return [head, ...failures.map(({ message }) => `  ${message}`)].join('\n')
}

export const command: Command = {
  summary: 'turn a capability flag on, if the kernel passes the gates for it',
  usage: `--variant BACKEND/NAME --flag ${provableFlags.join('|')} [--device ID]`,
  options: { variant: { type: 'string' }, flag: { type: 'string' } },
  async run(invocation) {
    const variant = textOf(invocation, 'variant')
    const flag = flagSchema.safeParse(textOf(invocation, 'flag'))
    if (variant === undefined) return fail({ kind: 'invalid', message: 'say which variant: --variant BACKEND/NAME' })
    if (!flag.success) return fail({ kind: 'invalid', message: `--flag must be one of ${provableFlags.join(', ')}` })
    const device = await invocation.device()
    if (!device.ok) return device
    const lab = invocation.lab()
    const outcome = await runToEnd(
      lab,
      () => lab.request('proof.start', { variant, flag: flag.data, device: device.value }),
      invocation.log,
    )
    if (!outcome.ok) return outcome
    if (outcome.value.kind === 'failed') return fail(outcome.value.error)
    if (outcome.value.kind !== 'proof')
      return fail({ kind: 'internal', message: `a proof ended as a ${outcome.value.kind}` })
    const { gates: _, ...document } = outcome.value.report
    const exitCode =
      document.state === 'proven' && document.failures.length === 0 ? exitCodes.success : exitCodes.negative
    return ok({ document, text: describeReport(outcome.value.report), exitCode })
  },
}
