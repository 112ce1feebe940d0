import { ok, type Result } from '#contract/error.ts'
import type { ErrorSummary } from '#contract/row.ts'
import type { Shape } from '#contract/shape.ts'
import { referenceGemm } from '../bridge/gemm.ts'
import type { BoundOp, GuardDamage } from './bound-op.ts'
import type { Elements } from './float-formats.ts'
import { judgeOutput, type Truth } from './judge-output.ts'
import type { RunnableOp } from './kernel-ops.ts'
import { outOfMemory } from './memory.ts'
import { OperandBuffers } from './operand-buffers.ts'
import { createOperands, type DataRequest, effectiveShape, type Operands } from './operands.ts'
import type { Leftover } from './poison.ts'
import type { RunContext } from './types.ts'

/** One shape with data and its float64 truth: what any number of ops can be judged on. */
export interface Trial {
  shape: Shape
  request: DataRequest
  operands: Operands
  truth: Truth
}

/** What an op made of a trial. */
export interface TrialOutcome {
  output: Elements
  error: ErrorSummary
  damage: GuardDamage[]
}

/** Fills the operands and computes the truth on the host, in float64; with a cache once for all that run the shape. */
export async function prepareTrial(context: RunContext, shape: Shape, request: DataRequest): Promise<Result<Trial>> {
  const effective = effectiveShape(shape)
  const fill = () => fillTrial(context, effective, request)
  try {
    return await (context.cache ? context.cache.trialOf(effective, request, fill) : fill())
  } catch (thrown) {
    return outOfMemory(shape, thrown)
  }
}

async function fillTrial(context: RunContext, effective: Shape, request: DataRequest): Promise<Result<Trial>> {
  const operands = await createOperands(effective, request, context.sequences ?? context.cache?.sequences)
  const { a, b } = operands
  const bias = operands.bias ?? undefined
  const c0 = effective.beta !== 0 ? (operands.c0 ?? undefined) : undefined
  const truth = await referenceGemm(context.lib, { shape: effective, a, b, bias, c0 }, context.signal)
  return truth.ok ? ok({ shape: effective, request, operands, truth: truth.value }) : truth
}

/** Runs a bound op once on an output that holds poison, or else a number, and judges what it wrote. */
export async function runBound(
  context: RunContext,
  trial: Trial,
  bound: { op: BoundOp; buffers: OperandBuffers; leftover?: Leftover },
): Promise<Result<TrialOutcome>> {
  const reset = bound.op.reset(bound.leftover)
  if (!reset.ok) return reset
  const ran = await context.device.run({
    arms: [{ sets: [[bound.op.dispatch]], iterations: 1 }],
    mode: 'single',
    rounds: 1,
    ...(context.timeoutNs === undefined ? {} : { timeoutNs: context.timeoutNs }),
  })
  if (!ran.ok) return ran
  const read = bound.op.read()
  if (!read.ok) return read
  const { output, damage } = read.value
  return ok({
    output,
    error: judgeOutput(trial.shape, trial.truth, output),
    damage: [...damage, ...bound.buffers.damage()],
  })
}

/** Every second seed of the exact gate runs over numbers: what is left of them there is not the exact result. */
function leftoverOf({ request }: Trial): Leftover {
  return request.data === 'pm1' && request.seed % 2 === 0 ? 'number' : 'poison'
}

/** Runs an op once on buffers of its own, which are freed afterwards. */
export async function runTrial(context: RunContext, trial: Trial, runnable: RunnableOp): Promise<Result<TrialOutcome>> {
  const buffers = new OperandBuffers(context.device, trial.operands, { pool: context.pool })
  try {
    const op = await buffers.bind(runnable)
    return op.ok ? await runBound(context, trial, { op: op.value, buffers, leftover: leftoverOf(trial) }) : op
  } finally {
    if (!context.device.isLost) buffers.destroy()
  }
}
