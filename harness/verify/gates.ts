import { ok, type Result } from '#contract/error.ts'
import type { GateResult } from '#contract/evidence.ts'
import type { DataMode, ErrorSummary } from '#contract/row.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import type { RowPadding } from '../catalog/types.ts'
import { whyNeverExact } from './activation.ts'
import { exactShape, matchExactly } from './exact-match.ts'
import { finiteOrNull, isWithinBound } from './judge-output.ts'
import type { RunnableOp } from './kernel-ops.ts'
import { unwrittenTest } from './poison.ts'
import { prepareTrial, runTrial, type Trial, type TrialOutcome } from './trial.ts'
import type { RunContext } from './types.ts'

/** Something to judge: a kernel or the baseline, made runnable shape by shape. */
export interface Subject {
  name: string
  /** The one tier of the device in which it runs; absent: the device chooses. */
  tier?: string
  /** With `padding` its rows lie apart: for a kernel whose launch hands that over. */
  open(shape: Shape, padding?: RowPadding): Promise<Result<RunnableOp>>
}

/** What the gates are run on. */
export interface GateRequest {
  shape: Shape
  seed: number
  data: DataMode
  biasScale?: number
  /** See DataRequest. */
  scale?: number
  padding?: RowPadding
}

/** Gate results of one subject on one trial, and the error they rest on. */
export interface Judged {
  gates: GateResult[]
  error: ErrorSummary
  trial: Trial
  outcome: TrialOutcome
}

/**
 * Gates of one trial's outcome: `exact` where the data is ±1, else `bound`; then `poison` and `guard`. Each has a `worst`.
 * Where an activation keeps ±1 data from being exact it is `bound` too, and `exact-skipped` says why.
 */
export function judgeOutcome(trial: Trial, outcome: TrialOutcome): GateResult[] {
  const rest = [poisonGate(trial, outcome), guardGate(trial, outcome)]
  if (trial.request.data !== 'pm1') return [boundGate(trial, outcome), ...rest]
  const skipped = whyNeverExact(trial.shape.act)
  if (skipped === null) return [exactGate(trial, outcome), ...rest]
  return [
    boundGate(trial, outcome),
    ...rest,
    { gate: 'exact-skipped', passed: true, ...gateBase(trial), detail: skipped },
  ]
}

function gateBase(trial: Trial): Pick<GateResult, 'shape' | 'seed'> {
  return { shape: formatShape(trial.shape), seed: trial.request.seed }
}

/** The output that is furthest off, by share of its bound. */
function furthest({ error }: TrialOutcome): NonNullable<GateResult['worst']> {
  return { index: error.worstIndex ?? 0, expected: error.expected ?? null, actual: error.actual ?? null }
}

function boundGate(trial: Trial, outcome: TrialOutcome): GateResult {
  const { error } = outcome
  const worst = furthest(outcome)
  const result: GateResult = {
    gate: 'bound',
    passed: isWithinBound(error),
    ...gateBase(trial),
    margin: error.bound,
    worst,
  }
  const { scale = 1 } = trial.request
  return scale === 1 ? result : { ...result, detail: `A, bias and C0 ${scale} times as large` }
}

function exactGate(trial: Trial, outcome: TrialOutcome): GateResult {
  const { output } = outcome
  const match = matchExactly(trial.shape, trial.truth, output)
  const worst = match.first ?? furthest(outcome)
  const result: GateResult = { gate: 'exact', passed: match.mismatches === 0, ...gateBase(trial), worst }
  return match.first ? { ...result, detail: `${match.mismatches} of ${output.length} outputs differ` } : result
}

function poisonGate(trial: Trial, outcome: TrialOutcome): GateResult {
  const { output, error } = outcome
  const passed = error.unwritten === 0
  const result: GateResult = { gate: 'poison', passed, ...gateBase(trial), worst: furthest(outcome) }
  if (error.unwritten === 0) return result
  const isUnwritten = unwrittenTest(trial.shape.dtype, output)
  const index = output.findIndex((_, i) => isUnwritten(i))
  const worst = { index, expected: finiteOrNull(trial.truth.c[index]!), actual: null }
  return { ...result, worst, detail: `${error.unwritten} of ${output.length} outputs were never written` }
}

function guardGate(trial: Trial, { damage }: TrialOutcome): GateResult {
  const nowhere = { index: 0, expected: null, actual: null }
  const result: GateResult = { gate: 'guard', passed: damage.length === 0, ...gateBase(trial), worst: nowhere }
  const first = damage[0]
  if (!first) return result
  const where = damage
    .map((d) => `${d.bytesDamaged} bytes outside ${d.name}, first at byte ${d.firstOffset}`)
    .join('; ')
  const index = Math.floor(first.firstOffset / trial.operands.a.BYTES_PER_ELEMENT)
  return { ...result, worst: { index, expected: null, actual: null }, detail: `written out of bounds: ${where}` }
}

/**
 * Runs every subject on one shape, seed and kind of data and judges each; what one subject cannot do is its own answer.
 * ±1 data is run on the shape's exact form (see exactShape); null when it has none.
 */
export async function judgeSubjects(
  context: RunContext,
  subjects: readonly Subject[],
  request: GateRequest,
): Promise<Result<Result<Judged>[] | null>> {
  const shape = request.data === 'pm1' ? exactShape(request.shape) : request.shape
  if (!shape) return ok(null)
  const trial = await prepareTrial(context, shape, request)
  if (!trial.ok) return trial
  const judged: Result<Judged>[] = []
  for (const subject of subjects)
    judged.push(await judgeSubject(context, subject, { trial: trial.value, padding: request.padding }))
  return ok(judged)
}

async function judgeSubject(
  context: RunContext,
  subject: Subject,
  { trial, padding }: { trial: Trial; padding: RowPadding | undefined },
): Promise<Result<Judged>> {
  const runnable = await subject.open(trial.shape, padding)
  if (!runnable.ok) return runnable
  const { tier } = subject
  const at = { shape: formatShape(trial.shape), seed: trial.request.seed, ...(tier === undefined ? {} : { tier }) }
  context.underway?.(at)
  const outcome = await runTrial(context, trial, runnable.value)
  if (!outcome.ok) return outcome
  const gates = judgeOutcome(trial, outcome.value).map((gate) => (tier === undefined ? gate : { ...gate, tier }))
  return ok({ gates, error: outcome.value.error, trial, outcome: outcome.value })
}
