import { type LabError, ok, type Result } from '#contract/error.ts'
import type { Roof, Row } from '#contract/row.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import type { OpHandle } from '../bridge/op-handle.ts'
import { unclaimedNote } from '../catalog/filter.ts'
import { checkShape } from '../verify/memory.ts'
import type { Leftover } from '../verify/poison.ts'
import { RunSession } from '../verify/session.ts'
import { prepareTrial, type Trial } from '../verify/trial.ts'
import type { BenchRequest, RunContext, RunHooks } from '../verify/types.ts'
import { lastLevelCacheBytes } from './caches.ts'
import { checkRoof } from './check-roof.ts'
import { claimOfRun } from './claim.ts'
import { Contest } from './contest.ts'
import { addTimes } from './finish-row.ts'
import { measureArms, perIteration } from './measure.ts'
import { noTurn, takeTurn } from './measuring-turn.ts'
import { neighboursBetween, readOccupancy } from './neighbours.ts'
import { measureOverhead } from './overhead.ts'
import { coldSetCount, placeCount } from './rotation.ts'
import { beginRow, failRow, identifyKernel, identifyOp } from './row.ts'
import { median } from './statistics.ts'
import { briefStopRules, defaultStopRules } from './stop-rules.ts'

/** Everything one bench works with. */
interface Bench {
  context: RunContext
  request: BenchRequest
  hooks: RunHooks
  session: RunSession
  row: Row
}

/**
 * One bench: compiles, verifies kernel and baseline on the buffers that are then measured, measures them interleaved
 * and the kernel against itself as a gauge, and answers a row. It is a row whatever happens: a wrong kernel gets no time,
 * and what cannot run says why in `status` and `reason`. Only a defect of the lab throws.
 */
export async function runBench(context: RunContext, request: BenchRequest, hooks: RunHooks): Promise<Row> {
  const start = performance.now()
  const row = beginRow(context, request)
  hooks.skeleton?.({ ...row })
  const error = await fillRow(context, { request, hooks, row })
  if (error)
    failRow(
      row,
      hooks.signal.aborted && error.kind !== 'device-lost' && error.kind !== 'timeout'
        ? { kind: 'cancelled', message: 'cancelled' }
        : error,
    )
  row.wallNs = Math.round((performance.now() - start) * 1e6)
  return row
}

async function fillRow(
  context: RunContext,
  { request, hooks, row }: { request: BenchRequest; hooks: RunHooks; row: Row },
): Promise<LabError | null> {
  const unsupported = modeRefusal(context, request)
  if (unsupported) return unsupported
  const begun = RunSession.begin(context, hooks, request)
  if (!begun.ok) return begun.error
  const session = begun.value
  try {
    row.shape = session.shape
    identifyKernel(row, session.kernel)
    return await runSession({ context, request, hooks, session, row })
  } finally {
    session.end()
  }
}

function modeRefusal({ device }: RunContext, { mode }: BenchRequest): LabError | null {
  if (mode === 'single' || device.info.capabilities.includes(mode)) return null
  return { kind: 'unsupported', message: `the ${device.info.id} device has no ${mode} submissions` }
}

/** One where memory is short. */
function warmSetCount({ device }: RunContext, { isBrief = false }: BenchRequest, shape: Shape): number {
  const sets = placeCount(shape, { isBrief, kind: device.info.kind })
  return checkShape(device, shape, { sets, outputs: 2 }).ok ? sets : 1
}

function tooSmallForCold(shape: Shape): LabError {
  const message = `${formatShape(shape)} is too small to be measured cold: too many copies of it fit the last-level cache; measure it warm`
  return { kind: 'unsupported', message }
}

async function runSession(bench: Bench): Promise<LabError | null> {
  const { context, request, hooks, session, row } = bench
  const sets = request.isCold
    ? coldSetCount(session.shape, { cacheBytes: lastLevelCacheBytes(context.device.info.kind), arms: 2 })
    : warmSetCount(context, request, session.shape)
  if (sets === null) return tooSmallForCold(session.shape)
  const fits = checkShape(context.device, session.shape, { sets, outputs: 2 })
  if (!fits.ok) return fits.error
  hooks.progress('compile', 0, 1, session.kernel.id)
  const kernel = await session.ops.open(session.shape)
  if (!kernel.ok) return kernel.error
  identifyOp(row, { compiler: session.ops.compiler, ...kernel.value.op.info })
  row.claim = claimOfRun(context, session)
  hooks.skeleton?.({ ...row })
  hooks.progress('verify', 0, 1, 'float64 truth')
  const trial = await prepareTrial(context, session.shape, { data: request.data, seed: request.seed })
  if (!trial.ok) return trial.error
  const baseline = await session.openBaseline(session.shape)
  const contest = new Contest(context, trial.value, {
    kernel: kernel.value,
    baseline: baseline.ok ? baseline.value : null,
  })
  if (!baseline.ok) row.baseline = { name: row.baseline.name, missing: baseline.error.message }
  try {
    return await verifyAndMeasure(bench, { contest, trial: trial.value, sets, op: kernel.value.op })
  } finally {
    contest.end()
  }
}

async function verifyAndMeasure(
  bench: Bench,
  run: { contest: Contest; trial: Trial; sets: number; op: OpHandle },
): Promise<LabError | null> {
  const { context, hooks, row } = bench
  const { contest, sets } = run
  const bound = await contest.addSet()
  if (!bound.ok) return bound.error
  const before = await judge(bench, run, { prefix: '', leftover: 'poison' })
  // The first run of a shape decides which tier is the faster one for it.
  identifyOp(row, { compiler: bench.session.ops.compiler, ...run.op.info })
  row.claim = claimOfRun(context, bench.session, row.identity)
  if (before !== null) return before === 'wrong' ? null : before
  for (let set = 1; set < sets; set++) {
    const added = await contest.addSet()
    if (!added.ok) return added.error
  }
  const { id, timeDomain } = context.device.info
  const onWait = (holder: string) => hooks.progress('wait', 0, 0, `${holder} is measuring`)
  const turn = timeDomain === 'none' ? noTurn : await takeTurn(id, { signal: hooks.signal, onWait })
  if (turn.besides) row.besides = turn.besides
  try {
    return await measureAndFinish(bench, run)
  } finally {
    turn.end()
  }
}

async function measureAndFinish(bench: Bench, run: { contest: Contest; trial: Trial }): Promise<LabError | null> {
  const { context, request, hooks, row } = bench
  const { contest } = run
  hooks.progress('warm-up', 0, 0, '')
  const before = readOccupancy()
  const measured = await measureArms(context.device, {
    arms: contest.arms(),
    changes: request.isCold ? 'iteration' : 'chunk',
    mode: request.mode,
    rules: request.isBrief ? briefStopRules : defaultStopRules,
    onProgress(done, total) {
      hooks.progress('measure', done, total, `${done} samples`)
      return !hooks.signal.aborted
    },
  })
  if (!measured.ok) return measured.error
  const neighbours = neighboursBetween(before, readOccupancy())
  if (neighbours) row.neighbours = neighbours
  if ('invalidArm' in measured.value) {
    row.status = 'invalid'
    row.reason = `the device's timestamps of the ${contest.armName(measured.value.invalidArm)} were zero, reversed or not numbers; no time is shown`
    return null
  }
  hooks.progress('overhead', 0, 0, 'host time of a dispatch')
  const medians = measured.value.samples.map((samples) => median(perIteration(samples, 'deviceNs')))
  const overheads = await measureOverhead(context.device, {
    arms: request.isCold ? contest.arms() : contest.arms(1),
    mode: request.mode,
    dispatchNs: medians,
  })
  if (!overheads.ok) return overheads.error
  hooks.progress('verify again', 0, 0, 'after being measured')
  const after = await judge(bench, run, { prefix: 'after being measured: ', leftover: 'number' })
  if (after !== null) return after === 'wrong' ? null : after
  const roof = await holdAgainstRoof(bench, contest, medians)
  if (!roof.ok) return roof.error
  if (row.status === 'invalid') return null
  const finished = { measurement: measured.value, overheads: overheads.value, roof: roof.value }
  addTimes(row, { ...finished, contest, device: context.device.info, stateFolder: context.workspace.stateFolder })
  return null
}

/** Makes a row invalid whose times the device cannot have reached. */
async function holdAgainstRoof(
  { context, request, session, hooks, row }: Bench,
  contest: Contest,
  medians: readonly number[],
): Promise<Result<Roof | null>> {
  hooks.progress('roof', 0, 0, 'held against the roof of the device')
  const query = { shape: session.shape, isCold: request.isCold, power: row.identity.power }
  const arms = medians.map((medianNs, arm) => ({ name: contest.armName(arm), medianNs }))
  const check = await checkRoof(context.device, query, arms)
  if (!check.ok) return check
  const { roof, problem } = check.value
  if (problem) {
    row.status = 'invalid'
    row.reason = problem
    if (roof) row.roof = roof
  }
  return ok(roof)
}

/** Judges kernel and baseline on the first set and notes their errors; `wrong` when the kernel may not be timed. */
async function judge(
  bench: Bench,
  { contest }: { contest: Contest },
  { prefix, leftover }: { prefix: string; leftover: Leftover },
): Promise<LabError | 'wrong' | null> {
  const { context, row, session } = bench
  const kernel = await contest.judgeKernel(leftover)
  if (!kernel.ok) return kernel.error
  row.error = kernel.value.error
  const note = unclaimedNote(session.kernel.variant, session.shape)
  if (kernel.value.problem) {
    row.status = 'wrong'
    row.reason = prefix + kernel.value.problem + (note ? `; ${note}` : '')
    return 'wrong'
  }
  row.reason = note
  const baseline = await contest.judgeBaseline(leftover)
  if (!baseline) return null
  if (!baseline.ok) {
    if (context.device.isLost || baseline.error.kind === 'cancelled') return baseline.error
    contest.dropBaseline()
    row.baseline = { name: row.baseline.name, missing: baseline.error.message }
    return null
  }
  row.baseline = { ...row.baseline, error: baseline.value.error }
  if (baseline.value.problem) row.verdictReason = `the baseline is wrong on this shape: ${baseline.value.problem}`
  return null
}
