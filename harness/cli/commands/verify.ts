import { fail, ok } from '#contract/error.ts'
import type { GateResult } from '#contract/evidence.ts'
import { formatLegacy } from '../../verify/legacy-error.ts'
import type { VerifyReport } from '../../verify/types.ts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { readTargetOptions, targetOptions, targetUsage } from '../target-options.ts'

function describeGate({ gate, passed, seed, margin, worst, detail }: GateResult): string {
  const share =
    margin === undefined ? '' : `  ${margin < Number.MAX_VALUE ? margin.toPrecision(3) : 'far'} of the bound`
  const where =
    passed || !worst ? '' : `  output ${worst.index}: ${worst.actual ?? 'not a number'}, expected ${worst.expected}`
  return `  ${passed ? 'passed' : 'FAILED'}  ${gate}  seed ${seed}${share}${where}${detail ? `  ${detail}` : ''}`
}

function describeReport(report: VerifyReport): string {
  const { maxAbs, maxRel } = report.error
  const baseline = report.baseline
    ? `${report.baseline.name}: ${report.baseline.passed ? 'passed' : 'FAILED'} the same gates`
    : report.baselineMissing
  return [
    `${report.variant}  ${report.shape}  on ${report.device}: ${report.passed ? 'passed' : 'FAILED'}`,
    ...report.gates.map(describeGate),
    `  max abs ${formatLegacy(maxAbs)}  max rel ${formatLegacy(maxRel)}`,
    `  baseline ${baseline}`,
  ].join('\n')
}

export const command: Command = {
  summary: 'put a kernel through the gates on one shape',
  usage: `${targetUsage} [--device ID]`,
  options: targetOptions,
  async run(invocation) {
    const read = readTargetOptions(invocation)
    if (!read.ok) return read
    const { shapes, ...target } = read.value
    const [shape, second] = shapes
    if (!shape || second) return fail({ kind: 'invalid', message: 'verify takes one --shape' })
    const device = await invocation.device()
    if (!device.ok) return device
    const report = await invocation.lab().request('cli.verify', { ...target, shape, device: device.value })
    if (!report.ok) return report
    const exitCode = report.value.passed ? exitCodes.success : exitCodes.negative
    return ok({ document: report.value, text: describeReport(report.value), exitCode })
  },
}
