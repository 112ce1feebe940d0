import { fail, type LabError, ok, type Result } from '#contract/error.ts'
import type { GateResult } from '#contract/evidence.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import { formatLegacy } from '../../verify/legacy-error.ts'
import type { VerifyReport } from '../../verify/types.ts'
import type { Answer, Command } from '../command.ts'
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

/** A kernel that cannot be compiled or run has not passed; any other failure is no answer. */
function answerFailure(
  { variant, shape, seed, device }: { variant: string; shape: Shape; seed: number; device: string },
  failure: LabError,
): Result<Answer> {
  if (!['device-lost', 'timeout', 'compile', 'pipeline', 'unsupported'].includes(failure.kind)) return fail(failure)
  const shapeText = formatShape(shape)
  const worst = { index: 0, expected: null, actual: null }
  const gate = { gate: 'run', passed: false, shape: shapeText, seed, worst, detail: failure.message }
  const error = { maxAbs: null, maxRel: null }
  return ok({
    document: { passed: false, variant, shape: shapeText, device, gates: [gate], error, failure },
    text: `${variant}  ${shapeText}  on ${device}: FAILED\n  ${failure.message}`,
    exitCode: exitCodes.negative,
  })
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
    if (!report.ok)
      return answerFailure({ variant: target.target, shape, seed: target.seed, device: device.value }, report.error)
    const exitCode = report.value.passed ? exitCodes.success : exitCodes.negative
    return ok({ document: report.value, text: describeReport(report.value), exitCode })
  },
}
