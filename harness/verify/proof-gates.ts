import { fail, type LabError, ok, type Result } from '#contract/error.ts'
import type { GateResult } from '#contract/evidence.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import type { ResolvedKernel } from '../catalog/types.ts'
import { type GateRequest, type Judged, judgeSubjects, type Subject } from './gates.ts'
import { largeOutputScale } from './large-outputs.ts'
import { checkShape } from './memory.ts'
import { runPaddedGates } from './padded-gates.ts'
import { isAboutShape } from './proof-place.ts'
import { outputs, withoutCapability } from './proof-shapes.ts'
import { type AskedShape, askedOnce, askedShapes, type FlagProof, isGivenUp, type Proof } from './proof-state.ts'
import { cancelledBy } from './session.ts'
import { prepareTrial } from './trial.ts'
import { workOf } from './work.ts'

/** Of every shape. Another seed is another draw of A, B, bias and C0. */
export const seeds = [1, 2, 3]
/** Bias is as large as a term of the sum, then as the sum, then larger: a missing one must show in every case. */
const biasScales = [1, 8, 64]

/**
 * Gates 1 to 4 on every shape that a flag asks for: derived bound and exact ±1 on poisoned, guarded buffers, three seeds
 * each, in every tier that the device may choose. Answers why they could not be run; what failed is in the flags.
 */
export async function runGates(proof: Proof): Promise<LabError | null> {
  const { hooks, flags, tiers } = proof
  const asked = askedShapes(flags)
  const names = flags.map(({ flag }) => flag).join(', ')
  const skipped = new Set(flags.flatMap(({ shapes }) => shapes.skipped.map(formatShape))).size
  const large = askedOnce(flags)
  const once = large.length > 0 ? `, ${large.length} more once` : ''
  const note = `${once}${skipped > 0 ? `, ${skipped} left out for their cost, smaller ones instead` : ''}`
  const ways = tiers.names.length > 0 ? ` in each of ${tiers.names.join(', ')} that takes it` : ''
  const what = `(${names}: ${asked.length} shapes × ${seeds.length} seeds${ways}${note})`
  for (const [done, one] of asked.entries()) {
    const cancelled = cancelledBy(hooks)
    if (cancelled && !cancelled.ok) return cancelled.error
    const error = await runShape(proof, one, () =>
      hooks.progress('gate', done, asked.length, `${formatShape(one.shape)} ${what}`),
    )
    if (error) return hooks.signal.aborted ? { kind: 'cancelled', message: 'cancelled' } : error
  }
  for (const [done, one] of large.entries()) {
    hooks.progress('gate', done, large.length, `${formatShape(one.shape)}, once`)
    const error = await runOnce(proof, one)
    if (error) return hooks.signal.aborted ? { kind: 'cancelled', message: 'cancelled' } : error
  }
  return runPaddedGates(proof, asked)
}

/** What is run once takes seconds; a slow machine must not make it look like a kernel that hangs. */
const onceNs = 120e9
/** From here on the bound of random data is so wide that a wrong term hides in it; ±1 data, exact, hides none. */
const longSum = 2 ** 14

/** One draw in the fastest tier that takes the shape. What does not fit in memory is left out, and named as such. */
async function runOnce(proof: Proof, { shape, required }: AskedShape): Promise<LabError | null> {
  const flags = required.filter(({ failing }) => failing === 0)
  if (flags.length === 0) return null
  if (!checkShape(proof.context.device, shape, { sets: 1, outputs: 1 }).ok) {
    for (const { shapes } of flags) shapes.skipped.push(shape)
    return null
  }
  proof.needing = flags.map(({ flag }) => flag)
  const opened = await proof.tiers.subjects(shape)
  const request = { shape, seed: seeds[0] as number, data: shape.k > longSum ? 'pm1' : 'random' } as const
  let refusal: LabError | null = opened.ok ? null : opened.error
  for (const subject of opened.ok ? opened.value.reverse() : []) {
    const judged = await judgeSubjects({ ...proof.context, timeoutNs: onceNs }, [subject], request)
    if (!judged.ok) return judged.error
    const [one] = judged.value ?? []
    if (one?.ok) {
      for (const flag of flags) takeShape(flag, shape, one.value.gates)
      return null
    }
    refusal = one?.error ?? null
    if (refusal?.kind !== 'unsupported') break
  }
  const failed = refusal ? runGate(proof, request, refusal) : null
  if (failed && !failed.ok) return failed.error
  for (const flag of flags) takeShape(flag, shape, failed?.ok ? failed.value : [])
  return null
}

async function runShape(proof: Proof, asked: AskedShape, begin: () => void): Promise<LabError | null> {
  const required = asked.required.filter((flag) => !isGivenUp(flag))
  const beyond = asked.beyond.filter((flag) => !isGivenUp(flag))
  if (required.length + beyond.length === 0) return null
  begin()
  // A crash leaves no time to see whether it needs the capability: it counts against it.
  proof.needing = [...required, ...beyond].map(({ flag }) => flag)
  const judged = await judgeShape(proof, asked.shape)
  if (!judged.ok) return judged.error
  for (const flag of required) takeShape(flag, asked.shape, judged.value)
  for (const flag of beyond) {
    const hasFailed = judged.value.some((gate) => !gate.passed)
    if (!hasFailed || !(await failsWithout(proof, flag, asked.shape))) takeShape(flag, asked.shape, judged.value)
  }
  return null
}

function takeShape(flag: FlagProof, shape: Shape, gates: readonly GateResult[]): void {
  flag.ran.push(shape)
  flag.gates.push(...gates)
  if (gates.some((gate) => !gate.passed)) flag.failing++
}

/** Whether the kernel cannot do a shape even without the capability: then it says nothing about the capability. */
async function failsWithout(proof: Proof, { flag }: FlagProof, shape: Shape): Promise<boolean> {
  const control = withoutCapability(shape, flag)
  if (!control) return true
  proof.needing = [flag]
  const judged = await judgeShape(proof, control)
  return !judged.ok || judged.value.some((gate) => !gate.passed)
}

const isLarge = (kernel: ResolvedKernel, shape: Shape) => workOf(kernel, shape) > 5e5 || outputs(shape) > 2e4

/** All gates, seeds and tiers on one shape. What no tier can be launched for is a failed gate; a lost device an error. */
export async function judgeShape(proof: Proof, shape: Shape): Promise<Result<GateResult[]>> {
  const fits = checkShape(proof.context.device, shape, { sets: 1, outputs: 1 })
  if (!fits.ok) return fits
  const opened = await proof.tiers.subjects(shape)
  if (!opened.ok) return runGate(proof, { shape, seed: seeds[0] as number }, opened.error)
  let subjects = opened.value
  const gates: GateResult[] = []
  for (const [i, seed] of seeds.entries()) {
    for (const data of ['random', 'pm1'] as const) {
      const request = { shape, seed, data, biasScale: biasScales[i] }
      // The last tier is the fastest, and runs every draw. The others run the first seed, of what is large only its first
      // draw: it costs them a hundred times as much.
      const isOnce = i > 0 || (isLarge(proof.session.kernel, shape) && gates.length > 0)
      const now = isOnce ? subjects.slice(-1) : subjects
      const judged = await judgeSubjects(proof.context, now, request)
      if (!judged.ok) return judged
      const left = takeGates(proof, { subjects: now, judged: judged.value ?? [], gates, request })
      if (!left.ok) return left
      if (judged.value && !isOnce) subjects = left.value
    }
    if (gates.some((gate) => !gate.passed)) return ok(gates)
  }
  const large = await largeRequest(proof, shape)
  if (!large.ok) return large
  if (large.value) {
    const now = subjects.slice(-1)
    const judged = await judgeSubjects(proof.context, now, large.value)
    if (!judged.ok) return judged
    const left = takeGates(proof, { subjects: now, judged: judged.value ?? [], gates, request: large.value })
    if (!left.ok) return left
  }
  return ok(gates)
}

/** How to draw so that the outputs are as large as the type holds; null where that is how they are drawn anyway. */
async function largeRequest({ context }: Proof, shape: Shape): Promise<Result<GateRequest | null>> {
  const request = { shape, seed: seeds[0] as number, data: 'random', biasScale: biasScales[0] } as const
  const trial = await prepareTrial(context, shape, request)
  if (!trial.ok) return trial
  const scale = largeOutputScale(trial.value)
  return ok(scale === 1 ? null : { ...request, scale })
}

/** Adds what each subject was judged to `gates`; answers those that ran: a tier may refuse a shape if another takes it. */
function takeGates(
  proof: Proof,
  run: {
    subjects: readonly Subject[]
    judged: readonly Result<Judged>[]
    gates: GateResult[]
    request: GateRequest
  },
): Result<Subject[]> {
  const { subjects, judged, gates, request } = run
  const left: Subject[] = []
  const isTaken = judged.some(({ ok }) => ok)
  for (const [i, one] of judged.entries()) {
    const subject = subjects[i] as Subject
    const { tier } = subject
    if (one.ok) {
      left.push(subject)
      gates.push(...one.value.gates)
    } else if (tier !== undefined && one.error.kind === 'unsupported' && isTaken) {
      proof.tiers.refuse(tier, one.error)
    } else {
      const failed = runGate(proof, { ...request, tier }, one.error)
      if (!failed.ok) return failed
      left.push(subject)
      gates.push(...failed.value)
    }
  }
  return ok(left)
}

/** A run that could not be: the shape's own fault is a failed gate, anything else an error. */
function runGate(
  { hooks }: Proof,
  { shape, seed, tier }: { shape: Shape; seed: number; tier?: string | undefined },
  error: LabError,
): Result<GateResult[]> {
  if (!isAboutShape(error) || hooks.signal.aborted) return fail(error)
  const way = tier === undefined ? {} : { tier }
  return ok([{ gate: 'run', passed: false, shape: formatShape(shape), seed, detail: error.message, ...way }])
}
