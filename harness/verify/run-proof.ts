import { fail, type LabError, ok, type Result } from '#contract/error.ts'
import type { EvidenceRecord, GateResult, ProofReport } from '#contract/evidence.ts'
import { provableFlags } from '#contract/manifest.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import { flagStatusesOf, setFlagProven } from '../catalog/flags.ts'
import { manifestOf } from '../catalog/resolve-target.ts'
import { shapesOfWorkspace } from '../catalog/workspace-shapes.ts'
import { failureOf, gateTable } from './evidence.ts'
import { judgeSubjects } from './gates.ts'
import { checkShape } from './memory.ts'
import { type ProofShapes, proofShapes, withoutCapability } from './proof-shapes.ts'
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
  gates: GateResult[]
  /** Shapes that were run and count. */
  ran: Shape[]
}

/**
 * Puts a variant through the gates of a capability: derived bound and exact ±1 on poisoned, guarded buffers, three
 * seeds each, on the model's shapes for it and on adversarial ones. Only when all pass is the evidence written, then
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
    const proof: Proof = { context, request, hooks, session, gates: [], ran: [] }
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
  const { hooks, request } = proof
  const total = required.length + beyond.length
  const note = skipped.length > 0 ? `, ${skipped.length} left out for their cost, smaller ones instead` : ''
  let failing = 0
  for (const [done, shape] of [...required, ...beyond].entries()) {
    const cancelled = cancelledBy(hooks)
    if (cancelled && !cancelled.ok) return cancelled.error
    hooks.progress(
      'gate',
      done,
      total,
      `${formatShape(shape)} (${request.flag}: ${total} shapes × ${seeds.length} seeds${note})`,
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

/** All gates and seeds on one shape. What the kernel cannot be launched for is a failed gate; a lost device an error. */
async function judgeShape({ context, session, hooks }: Proof, shape: Shape): Promise<Result<GateResult[]>> {
  const fits = checkShape(context.device, shape, { sets: 1, outputs: 1 })
  if (!fits.ok) return fits
  const gates: GateResult[] = []
  for (const [i, seed] of seeds.entries()) {
    for (const data of ['random', 'pm1'] as const) {
      const judged = await judgeSubjects(context, [session.kernelSubject], {
        shape,
        seed,
        data,
        biasScale: biasScales[i],
      })
      if (!judged.ok) return judged
      const kernel = judged.value?.[0]
      if (!kernel) continue
      if (kernel.ok) gates.push(...kernel.value.gates)
      else if (isAboutShape(kernel.error) && !hooks.signal.aborted)
        gates.push({ gate: 'run', passed: false, shape: formatShape(shape), seed, detail: kernel.error.message })
      else return kernel
    }
    if (gates.some((gate) => !gate.passed)) break
  }
  return ok(gates)
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
  if (!reading.ok || !variant) return 'off'
  const statuses = flagStatusesOf(context.workspace, { reading: reading.value, variant })
  return statuses.find(({ flag }) => flag === request.flag)?.state ?? 'off'
}

function recordOf({ context, request, session, gates, ran }: Proof): EvidenceRecord {
  const { info } = context.device
  const beside = provableFlags.filter((flag) => flag !== request.flag && session.kernel.variant?.supports[flag])
  return {
    sourceHash: session.kernel.sourceHash,
    entryHash: session.kernel.entryHash,
    compiler: session.ops.compiler,
    flags: session.ops.flagsUsed,
    tiers: session.ops.tiers,
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
