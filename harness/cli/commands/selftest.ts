import { z } from 'zod'
import { fail, ok } from '#contract/error.ts'
import { formatNs } from '#contract/quantity-text.ts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { table } from '../output.ts'

const reportSchema = z.looseObject({
  device: z.string(),
  passed: z.boolean(),
  checks: z.array(
    z.looseObject({ name: z.string(), passed: z.boolean(), detail: z.string().default(''), ns: z.number() }),
  ),
})

export const command: Command = {
  summary: "run a device's own checks",
  usage: '[--device ID]',
  options: {},
  maxPositionals: 0,
  async run(invocation) {
    const device = await invocation.device()
    if (!device.ok) return device
    const tested = await invocation.lab().request('cli.selftest', { device: device.value })
    if (!tested.ok) return tested
    const report = reportSchema.safeParse(tested.value)
    if (!report.success)
      return fail({
        kind: 'internal',
        message: `the ${device.value} device's report cannot be read: ${report.error.message}`,
      })
    const { passed, checks } = report.data
    const rows = checks.map((check) => [check.passed ? 'ok' : 'FAILED', check.name, formatNs(check.ns), check.detail])
    const text = table(['', 'check', 'time', 'detail'], rows)
    return ok({ document: report.data, text, exitCode: passed ? exitCodes.success : exitCodes.negative })
  },
}
