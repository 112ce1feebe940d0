import { mathMode } from '#contract/device.ts'
import { fail, ok, type Result } from '#contract/error.ts'
import type { EvidenceRecord, ProofReport } from '#contract/evidence.ts'
import { type Flag, provableFlags } from '#contract/manifest.ts'
import type { Mutant } from '#contract/mutant.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import { proofSources } from '../catalog/proof-sources.ts'
import { shapesOfWorkspace } from '../catalog/workspace-shapes.ts'
import { setFlagsProven } from '../catalog/write-flags.ts'
import { BufferPool } from './buffer-pool.ts'
import { crashedProof, stateNow } from './crashed-proof.ts'
import { failureOf, findingFailure, gateTable, survivorFailure, unnoticedFailure } from './evidence.ts'
import { type KillLists, tryMutants } from './mutants/try-mutants.ts'
import { noteFindings, withdrawFailed } from './note-findings.ts'
import { runGates, seeds } from './proof-gates.ts'
import { isKernels, type RunPlace } from './proof-place.ts'
import { type ProofShapes, proofShapes } from './proof-shapes.ts'
import type { FlagProof, Proof } from './proof-state.ts'
import { ProofTiers } from './proof-tiers.ts'
import { sanitizerOf, type Watched, watchKernel } from './sanitize.ts'
import { Sequences } from './sequences.ts'
import { RunSession } from './session.ts'
import type { ProofRequest, ProofsRequest, RunContext, RunHooks } from './types.ts'
import { shapesToWatch } from './watch.ts'
import { watchUnreached } from './watch-unreached.ts'

/** Floating-point operations of one run. On a CPU the largest of the model's take seconds in the slowest tier. */
const onHost = { model: 2e7, adversarial: 4e6, once: 2.5e9 }
const flopLimits = { cpu: onHost, gpu: { model: 1e11, adversarial: 1e9, once: 1e12 }, none: onHost }

/** Mutants of one kernel: some of every operator that applies to it. */
const mostMutants = 20

/**
 * Puts a variant through the gates of a capability (see docs/design/proof.md). Only when all pass is the evidence written,
 * then the manifest; whenever it ends otherwise, nothing is. What a proof leaves out for its cost it says in its progress,
 * and the evidence lists the shapes that were run. Fails (rather than refuses) when the gates could not be run.
 */
export async function runProof(
  context: RunContext,
  { flag, ...request }: ProofRequest,
  hooks: RunHooks,
): Promise<Result<ProofReport>> {
  const reports = await runProofs(context, { ...request, flags: [flag] }, hooks)
  if (!reports.ok) return reports
  const [report] = reports.value
  return report ?? fail({ kind: 'internal', message: 'a proof without a report' })
}

/** As runProof, for several flags of a variant at once: what they have in common is run once. In the order of `flags`. */
export async function runProofs(
  given: RunContext,
  request: ProofsRequest,
  hooks: RunHooks,
): Promise<Result<Result<ProofReport>[]>> {
  const pool = new BufferPool(given.device)
  const common = { variant: request.variant, device: given.device.info.id, isDry: request.isDry ?? false }
  const underway = (at: RunPlace, flags?: ReadonlySet<Flag>) => {
    const { sourceHash, entryHash } = session.kernel
    const place = {
      ...common,
      ...at,
      sourceHash,
      entryHash,
      flags: [...request.flags],
      needing: [...(flags ?? proof.needing)],
    }
    proof.place = place
    hooks.underway?.(place)
  }
  const context = { ...given, sequences: new Sequences(), pool, underway }
  const target = { kind: 'variant', id: request.variant } as const
  // The shape only names the element type here; every run brings its own.
  const begun = RunSession.begin(context, hooks, { target, shape: placeholderShape })
  if (!begun.ok) return begun
  const session = begun.value
  const tiers = new ProofTiers(session, context.device.tiers, context.workspace.root)
  const proof: Proof = { context, hooks, session, tiers, flags: [], needing: [], place: null }
  try {
    const reports = new Map<Flag, Result<ProofReport>>()
    for (const flag of request.flags) {
      const shapes = shapesFor(proof, flag)
      if (!shapes.ok) return shapes
      const isReached = shapes.value.required.length + shapes.value.beyond.length > 0
      if (isReached) proof.flags.push({ flag, shapes: shapes.value, gates: [], ran: [], failing: 0 })
      else reports.set(flag, unreached(request.variant, flag, shapes.value))
    }
    const seen = proof.flags.length > 0 ? await prove(proof) : ok([])
    if (!seen.ok)
      return proof.place && isKernels(seen.error) ? ok(crashedProof(context, proof.place, seen.error)) : seen
    // The last moment at which a cancel still means that nothing is written.
    if (hooks.signal.aborted) return fail({ kind: 'cancelled', message: 'cancelled' })
    for (const report of seen.value) reports.set(report.flag, ok(report))
    noteFindings(context, session, { reports, isDry: request.isDry ?? false })
    const kept = request.isDry ? seen : keep(proof, seen.value)
    if (!kept.ok) return kept
    for (const report of kept.value) reports.set(report.flag, ok(report))
    return ok(request.flags.flatMap((flag) => reports.get(flag) ?? []))
  } finally {
    session.end()
    pool.destroy()
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
  act: 'none',
  dtype: 'f16',
}

function unreached(variant: string, flag: Flag, { closedBecause }: ProofShapes): Result<ProofReport> {
  const message = `${variant}: no shape would reach it with ${flag} on. ${closedBecause ?? ''}`
  return fail({ kind: 'unsupported', message })
}

function shapesFor({ context, session }: Proof, flag: Flag): Result<ProofShapes> {
  const { variant, id } = session.kernel
  if (!variant) return fail({ kind: 'not-found', message: `${id} is not a variant of the manifest` })
  const { shapes: listed } = shapesOfWorkspace(context.workspace)
  const limits = flopLimits[context.device.info.timeDomain]
  return ok(proofShapes({ kernel: session.kernel, variant, flag, listed, flopLimits: limits }))
}

/** The gates in turn; a flag that fails one is not taken to the next. */
async function prove(proof: Proof): Promise<Result<ProofReport[]>> {
  const { context, hooks, session, flags } = proof
  const error = await runGates(proof)
  if (error) return fail(error)
  leave(proof)
  const isRight = ({ gates }: FlagProof) => gates.length > 0 && gates.every(({ passed }) => passed)
  const asked = flags.filter(isRight).map(({ flag, ran, shapes }) => {
    const large = new Set(shapes.once.map(formatShape))
    return { flag, shapes: ran.filter((shape) => !large.has(formatShape(shape))) }
  })
  const small = await watchKernel(context, { session, shapes: shapesToWatch(session.kernel, asked) }, hooks)
  if (!small.ok) return small
  const watched = await watchUnreached(context, { session, asked, watched: small.value }, hooks)
  if (!watched.ok) return watched
  // A fault that is put into the kernel may crash it: that is no fault of its own.
  leave(proof)
  const isClean = ({ flag }: { flag: Flag }) => findingsOf(watched.value, flag).length === 0
  const query = {
    kernel: session.kernel,
    flags: watched.value.skipped === undefined ? asked.filter(isClean) : [],
    watched: watched.value.shapes,
    most: mostMutants,
  }
  const kills: Result<KillLists> = query.flags.length > 0 ? await tryMutants(context, query, hooks) : ok(new Map())
  if (!kills.ok) return kills
  const found = { watched: watched.value, kills: kills.value }
  return ok(flags.map((own) => reportOf(proof, own, found)))
}

/** No run is underway that says anything of the kernel. */
function leave(proof: Proof): void {
  proof.place = null
  proof.hooks.underway?.(null)
}

const findingsOf = ({ findings, shapes }: Watched, flag: Flag) =>
  findings.filter(({ shape }) => shapes.some(({ text, flags }) => text === shape && flags.has(flag)))

/** What gates 5 and 6 came to. */
interface Seen {
  watched: Watched
  kills: KillLists
}

/** Writes what was earned and takes back what fails now. */
function keep(proof: Proof, reports: readonly ProofReport[]): Result<ProofReport[]> {
  const { context, session } = proof
  const failed = withdrawFailed(
    context,
    session,
    reports.filter(({ failures }) => failures.length > 0),
  )
  if (!failed.ok) return failed
  const earned = reports.filter(({ failures }) => failures.length === 0)
  if (earned.length === 0) return failed
  const beside = provableFlags.filter((flag) => session.kernel.variant?.supports[flag])
  const provenAt = new Date().toISOString()
  const records = Object.fromEntries(
    proof.flags.flatMap((own) => {
      const report = earned.find(({ flag }) => flag === own.flag)
      return report ? [[own.flag, recordOf(proof, own, { report, beside, provenAt })]] : []
    }),
  ) as Partial<Record<Flag, EvidenceRecord>>
  const written = setFlagsProven(context.workspace, { variant: session.kernel.id, records })
  if (!written.ok) return written
  const proven = earned.map((report): ProofReport => {
    const record = records[report.flag]
    return record ? { ...report, state: 'proven', evidence: { file: written.value.evidencePath, record } } : report
  })
  return ok([...failed.value, ...proven])
}

/** A report of nothing written: what failed, and the flag's state as it is. */
function reportOf(proof: Proof, own: FlagProof, seen: Seen): ProofReport {
  const { flag, gates } = own
  const { watched, kills } = seen
  const found = findingsOf(watched, flag)
  const mutants: Mutant[] = kills.get(flag) ?? []
  const isWatched = gates.every(({ passed }) => passed)
  const isTried = isWatched && found.length === 0 && watched.skipped === undefined
  const isBlind = isTried && !mutants.some(({ outcome }) => outcome === 'rejected')
  const shown = ({ finding }: (typeof found)[number]) => ({
    ...finding,
    file: proof.context.workspace.relativePath(finding.file),
  })
  const ownShapes = watched.shapes.filter(({ flags }) => flags.has(flag))
  const open = watched.unwatched?.get(flag) ?? []
  const unwatchedLines = open.map((place) => proof.context.workspace.relativePath(place)).sort()
  const lines = unwatchedLines.length > 0 ? { unwatchedLines } : {}
  const sanitizer = { ...sanitizerOf(watched, ownShapes), ...lines, findings: found.map(shown) }
  return {
    variant: proof.session.kernel.id,
    flag,
    state: stateNow(proof.context, proof.session.kernel, flag),
    failures: [
      ...gates.filter((gate) => !gate.passed).map(failureOf),
      ...found.map(findingFailure),
      ...mutants.filter(({ outcome }) => outcome === 'survived').map(survivorFailure),
      ...(isBlind ? [unnoticedFailure(mutants)] : []),
    ],
    gates,
    ...(isWatched ? { sanitizer, mutants } : {}),
  }
}

function recordOf(
  { context, session, tiers }: Proof,
  { flag, gates, ran, shapes }: FlagProof,
  { report, beside, provenAt }: { report: ProofReport; beside: readonly Flag[]; provenAt: string },
): EvidenceRecord {
  const { info } = context.device
  const { compiler, flagsUsed } = session.compiled
  const inTiers = tiers.evidence(gates)
  const { findings: _, ...sanitizer } = report.sanitizer ?? { findings: [], shapes: [], checks: [], schedules: 0 }
  return {
    sourceHash: session.kernel.sourceHash,
    entryHash: session.kernel.entryHash,
    compiler,
    flags: flagsUsed,
    ...(inTiers ? { tiers: inTiers } : {}),
    mathMode,
    deviceKind: info.kind,
    deviceName: info.name,
    labVersion: context.labVersion,
    proofSources,
    provenAt,
    seeds,
    shapes: ran.map(formatShape).sort(),
    ...(shapes.skipped.length > 0 ? { skipped: shapes.skipped.map(formatShape).sort() } : {}),
    beside: beside.filter((other) => other !== flag),
    gates: gateTable(gates),
    sanitizer,
    mutants: report.mutants ?? [],
  }
}
