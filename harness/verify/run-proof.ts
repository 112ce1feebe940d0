import { fail, type LabError, ok, type Result } from '#contract/error.ts'
import type { EvidenceRecord, GateResult, ProofReport } from '#contract/evidence.ts'
import { provableFlags } from '#contract/manifest.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import { flagStatusesOf, setFlagProven } from '../catalog/flags.ts'
import { manifestOf } from '../catalog/resolve-target.ts'
import { shapesOfWorkspace } from '../catalog/workspace-shapes.ts'
import { failureOf, gateTable } from './evidence.ts'
import { type Judged, judgeSubjects, type Subject } from './gates.ts'
import { checkShape } from './memory.ts'
import { type ProofShapes, proofShapes, withoutCapability } from './proof-shapes.ts'
import { ProofTiers } from './proof-tiers.ts'
import { cancelledBy, RunSession } from './session.ts'
import type { ProofRequest, RunContext, RunHooks } from './types.ts'

const seeds = [1, 2, 3]
/** Bias is as large as a term of the sum, then as the sum, then larger: a missing one must show in every case. */
const biasScales = [1, 8, 64]
/** A proof gives up after this many failing shapes: the answer is known, the rest would only cost time. */
const failingShapesEnough = 3
/** Floating-point operations of one run. On a CPU the largest of the model's take seconds, with their float64 truth. */
const onHost = { model: 5e8, adversarial: 6.4e7 }
const flopLimits = { cpu: onHost, gpu: { model: 1e11, adversarial: 1e9 }, none: onHost }

/** One proof under way. */
interface Proof {
  context: RunContext
  request: ProofRequest
  hooks: RunHooks
  session: RunSession
  tiers: ProofTiers
  gates: GateResult[]
  /** Shapes that were run and count. */
  ran: Shape[]
}

/**
 * Puts a variant through the gates of a capability: derived bound and exact ±1 on poisoned, guarded buffers, three
 * seeds each, on the model's shapes for it and on adversarial ones, in every tier that the device may choose. Only when all pass is the evidence written, then
 * the manifest; whenever it ends otherwise, nothing is. What a proof leaves out for its cost it says in its progress,
 * and the evidence lists the shapes that were run. Fails (rather than refuses) when the gates could not be run.
 */
export async function runProof(
  context: RunContext,
  request: ProofRequest,
  hooks: RunHooks,
): Promise<Result<ProofReport>> {
  const target = { kind: 'variant', id: request.variant } as const
  // The shape only names the element type here; every run brings its own.
  const begun = RunSession.begin(context, hooks, { target, shape: placeholderShape })
  if (!begun.ok) return begun
  const session = begun.value
  try {
    const tiers = new ProofTiers(session, context.device.tiers, context.workspace.root)
    const proof: Proof = { context, request, hooks, session, tiers, gates: [], ran: [] }
    const shapes = shapesFor(proof)
    if (!shapes.ok) return shapes
    if (shapes.value.required.length + shapes.value.beyond.length === 0) {
      return fail({
        kind: 'unsupported',
        message: `${request.variant}: no shape would reach it with ${request.flag} on. ${shapes.value.closedBecause ?? ''}`,
      })
    }
    const error = await runShapes(proof, shapes.value)
    return error ? { ok: false, error } : conclude(proof)
  } finally {
    session.end()
  }
}

const placeholderShape: Shape = {
  m: 1,
  n: 1,
  k: 1,
  batch: 1,
  tA: false,
  tB: false,
  bias: false,
  alpha: 1,
  beta: 0,
  accumulate: false,
  dtype: 'f16',
}

function shapesFor({ context, request, session }: Proof): Result<ProofShapes> {
  const { variant } = session.kernel
  if (!variant) return fail({ kind: 'not-found', message: `${request.variant} is not a variant of the manifest` })
  const { shapes: listed } = shapesOfWorkspace(context.workspace)
  return ok(
    proofShapes({
      kernel: session.kernel,
      variant,
      flag: request.flag,
      listed,
      flopLimits: flopLimits[context.device.info.timeDomain],
    }),
  )
}

async function runShapes(proof: Proof, { required, beyond, skipped }: ProofShapes): Promise<LabError | null> {
  const { hooks, request, tiers } = proof
  const total = required.length + beyond.length
  const note = skipped.length > 0 ? `, ${skipped.length} left out for their cost, smaller ones instead` : ''
  const ways = tiers.names.length > 0 ? ` in each of ${tiers.names.join(', ')} that takes it` : ''
  let failing = 0
  for (const [done, shape] of [...required, ...beyond].entries()) {
    const cancelled = cancelledBy(hooks)
    if (cancelled && !cancelled.ok) return cancelled.error
    hooks.progress(
      'gate',
      done,
      total,
      `${formatShape(shape)} (${request.flag}: ${total} shapes × ${seeds.length} seeds${ways}${note})`,
    )
    const judged = await judgeShape(proof, shape)
    if (!judged.ok) return hooks.signal.aborted ? { kind: 'cancelled', message: 'cancelled' } : judged.error
    const hasFailed = judged.value.some((gate) => !gate.passed)
    if (hasFailed && done >= required.length && (await failsWithout(proof, shape))) continue
    proof.ran.push(shape)
    proof.gates.push(...judged.value)
    if (hasFailed && ++failing >= failingShapesEnough) break
  }
  return null
}

/** Whether the kernel cannot do a shape even without the capability: then it says nothing about the capability. */
async function failsWithout(proof: Proof, shape: Shape): Promise<boolean> {
  const control = withoutCapability(shape, proof.request.flag)
  if (!control) return true
  const judged = await judgeShape(proof, control)
  return !judged.ok || judged.value.some((gate) => !gate.passed)
}

/** All gates, seeds and tiers on one shape. What no tier can be launched for is a failed gate; a lost device an error. */
async function judgeShape(proof: Proof, shape: Shape): Promise<Result<GateResult[]>> {
  const fits = checkShape(proof.context.device, shape, { sets: 1, outputs: 1 })
  if (!fits.ok) return fits
  const opened = await proof.tiers.subjects(shape)
  if (!opened.ok) return runGate(proof, { shape, seed: seeds[0] as number }, opened.error)
  let subjects = opened.value
  const gates: GateResult[] = []
  for (const [i, seed] of seeds.entries()) {
    for (const data of ['random', 'pm1'] as const) {
      const request = { shape, seed, data, biasScale: biasScales[i] }
      const judged = await judgeSubjects(proof.context, subjects, request)
      if (!judged.ok) return judged
      const left = takeGates(proof, { subjects, judged: judged.value ?? [], gates, request })
      if (!left.ok) return left
      if (judged.value) subjects = left.value
    }
    if (gates.some((gate) => !gate.passed)) break
  }
  return ok(gates)
}

/** Adds what each subject was judged to `gates`; answers those that ran: a tier may refuse a shape if another takes it. */
function takeGates(
  proof: Proof,
  run: {
    subjects: readonly Subject[]
    judged: readonly Result<Judged>[]
    gates: GateResult[]
    request: { shape: Shape; seed: number }
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

function isAboutShape({ kind }: LabError): boolean {
  return kind === 'invalid' || kind === 'unsupported' || kind === 'pipeline' || kind === 'not-found'
}

function conclude(proof: Proof): Result<ProofReport> {
  const { context, request, hooks, gates } = proof
  const { variant, flag } = request
  const failures = gates.filter((gate) => !gate.passed).map(failureOf)
  if (failures.length > 0 || request.isDry) return ok({ variant, flag, state: stateNow(proof), failures, gates })
  const record = recordOf(proof)
  // The last moment at which a cancel still means that nothing is written.
  if (hooks.signal.aborted) return fail({ kind: 'cancelled', message: 'cancelled' })
  const written = setFlagProven(context.workspace, { variant, flag, record })
  if (!written.ok) return written
  return ok({
    variant,
    flag,
    state: 'proven',
    failures: [],
    gates,
    evidence: { file: written.value.evidencePath, record },
  })
}

function stateNow({ context, request, session }: Proof): ProofReport['state'] {
  const reading = manifestOf(context.workspace)
  const { variant } = session.kernel
  const { info, tiers } = context.device
  if (!reading.ok || !variant) return 'off'
  const statuses = flagStatusesOf(
    context.workspace,
    { reading: reading.value, variant },
    { kind: info.kind, compiler: info.driver, tiers },
  )
  return statuses.find(({ flag }) => flag === request.flag)?.state ?? 'off'
}

function recordOf({ context, request, session, tiers, gates, ran }: Proof): EvidenceRecord {
  const { info } = context.device
  const { compiler, flagsUsed } = session.compiled
  const inTiers = tiers.evidence(gates)
  const beside = provableFlags.filter((flag) => flag !== request.flag && session.kernel.variant?.supports[flag])
  return {
    sourceHash: session.kernel.sourceHash,
    entryHash: session.kernel.entryHash,
    compiler,
    flags: flagsUsed,
    ...(inTiers ? { tiers: inTiers } : {}),
    mathMode: 'fast',
    deviceKind: info.kind,
    deviceName: info.name,
    labVersion: context.labVersion,
    provenAt: new Date().toISOString(),
    seeds,
    shapes: ran.map(formatShape).sort(),
    beside,
    gates: gateTable(gates),
  }
}
