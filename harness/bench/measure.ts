import { fail, ok, type Result } from '#contract/error.ts'
import type { Mode, Row } from '#contract/row.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { Arm, Dispatch } from '../bridge/run.ts'
import type { Sample } from '../bridge/types.ts'
import type { LotPlan } from './lots.ts'
import { rotated } from './rotation.ts'
import { iterationsFor, type Probe } from './sizing.ts'
import { median } from './statistics.ts'
import { defaultStopRules, type StopRules, stopOf } from './stop-rules.ts'
import { leastLotsToCall } from './verdict.ts'

/** One side: the same dispatch over each of several sets of buffers. */
export type MeasuredArm = Dispatch[]

export interface MeasureRequest {
  arms: MeasuredArm[]
  /** When the arms go on to their next set: at each iteration (cold), or at each chunk, which samples places in memory. */
  changes: 'iteration' | 'chunk'
  mode: Mode
  rules?: StopRules
  /** Which of two arms begins, drawn anew for every chunk; by chance when absent. */
  drawLot?: () => 0 | 1
  /** Called with samples taken and the most there will be; answers false to stop the run as cancelled. */
  onProgress(done: number, total: number): boolean
}

/** Per arm, all samples in the order taken, as totals of `iterations`. */
export interface Measurement {
  iterations: number
  samples: Sample[][]
  plan: Required<LotPlan>
  stop: NonNullable<Row['stop']>
}

/** What a measurement found wrong with the device's clock. */
export interface InvalidClock {
  invalidArm: number
}

/** Of two samples an arm; where they take long, the first of them are enough. */
const warmUpRounds = 3
/** Rounds are taken in chunks of about this time; between two of them the host looks, and may stop. */
const chunkNs = 1.5e7
/** Statistics are asked again when there is so much more to ask: they take as long as a chunk in the end. */
const lookFactor = 1.05
/** Where fewer twos can be had, a lot is drawn for every round. */
const leastTwos = 2 * leastLotsToCall
/** Twos of rounds that a chunk keeps at least, where it leaves any out. */
const leastKept = 3
/** Where two rounds take longer, what the host did before them no longer shows, and none are left out. */
const longNs = 1e7

/**
 * Measures the arms in rounds of one sample each, which come in twos of opposite order, K B B K or B K K B, so that
 * a steady drift favours neither; which of the two is drawn by lot for every chunk, so that nothing else does:
 * warm-up, sizing, then chunks of rounds until ratio and medians are known to 1 %, or a cap is met. What a chunk begins
 * with, at least the two that find the machine as a pause left it, is left out. Arms with several sets rotate through
 * them together. A sample whose timestamps are not valid ends the measurement: it is an error, never a time.
 */
export async function measureArms(
  device: DeviceHandle,
  request: MeasureRequest,
): Promise<Result<Measurement | InvalidClock>> {
  const run = new Measuring(device, request)
  return run.take()
}

/** Which arm each sample of two rounds is of. */
export function orderOf(arms: number, first: 0 | 1): number[] {
  return arms === 1 ? [0, 0] : [first, 1 - first, 1 - first, first]
}

class Measuring {
  readonly #device: DeviceHandle
  readonly #request: MeasureRequest
  readonly #rules: StopRules
  readonly #samples: Sample[][]
  #iterationsDone = 0
  #chunks = 0
  #nextLook = 0
  /** Rounds come in twos, or, where these would be too few, singly. */
  #roundsAtOnce: 1 | 2 = 2
  /** Of all samples: where the device's clock is simulated, the budget is counted by it, and the host's load plays no part. */
  #deviceNs = 0

  constructor(device: DeviceHandle, request: MeasureRequest) {
    this.#device = device
    this.#request = request
    this.#rules = request.rules ?? defaultStopRules
    this.#samples = request.arms.map(() => [])
  }

  async take(): Promise<Result<Measurement | InvalidClock>> {
    const warm = await this.#warmUp()
    if (!warm.ok) return warm
    const invalid = invalidArm(warm.value)
    if (invalid !== null) return ok({ invalidArm: invalid })
    const iterations = this.#size(warm.value)
    const armNs = this.#request.arms.map((_, arm) => iterations * probeOf(warm.value, arm).totalNs)
    const twoNs = 2 * armNs.reduce((sum, ns) => sum + ns, 0)
    if (twoNs * leastTwos > this.#rules.longBudgetNs) this.#roundsAtOnce = 1
    const leavesOut = twoNs < longNs
    const chunk = Math.max(Math.round(chunkNs / twoNs), leavesOut ? leastKept + 1 : 1)
    // So few that the usual rounds are spread over all of the budget: disturbances last.
    const spread = Math.ceil((this.#rules.usualRounds * chunkNs) / (2 * this.#rules.budgetNs))
    const kept = leavesOut ? Math.min(chunk - 1, Math.max(spread, leastKept)) : chunk
    const leftOut = chunk - kept
    const plan = { roundsPerLot: this.#roundsAtOnce * kept, places: this.#places() }
    const isSimulated = this.#device.info.timeDomain === 'none'
    const start = performance.now()
    for (;;) {
      const taken = this.#samples[0]!.length
      if (!this.#request.onProgress(taken, this.#rules.mostRounds))
        return fail({ kind: 'cancelled', message: 'cancelled' })
      const elapsedNs = isSimulated ? this.#deviceNs : (performance.now() - start) * 1e6
      const isLook = this.#chunks >= this.#nextLook
      if (isLook) this.#nextLook = Math.ceil(this.#chunks * lookFactor)
      const stop = stopOf(this.#rules, { times: this.#times(), plan, chunks: this.#chunks, elapsedNs, isLook })
      if (stop) return ok({ iterations, samples: this.#samples, plan, stop })
      const more = await this.#rounds(
        iterations,
        leftOut + Math.min(kept, Math.ceil((this.#rules.mostRounds - taken) / this.#roundsAtOnce)),
      )
      if (!more.ok) return more
      const wrong = invalidArm(more.value)
      if (wrong !== null) return ok({ invalidArm: wrong })
      this.#chunks++
      for (const { deviceNs } of more.value) this.#deviceNs += deviceNs
      for (const sample of more.value.slice(leftOut * this.#roundsAtOnce * armNs.length))
        this.#samples[sample.arm]!.push(sample)
    }
  }

  async #warmUp(): Promise<Result<Sample[]>> {
    const first = await this.#rounds(1, 1)
    if (!first.ok) return first
    const firstNs = first.value.reduce((sum, { deviceNs }) => sum + deviceNs, 0)
    if (firstNs >= longNs || invalidArm(first.value) !== null) return first
    const rest = await this.#rounds(1, warmUpRounds - 1)
    return rest.ok ? ok([...first.value, ...rest.value]) : rest
  }

  /** The kernel's: where the arms differ in how many sets they have, the lots of a place are still the same as it. */
  #places(): number {
    return this.#request.changes === 'chunk' ? this.#request.arms[0]!.length : 1
  }

  #times(): number[][] {
    return this.#samples.map((samples) => perIteration(samples, 'deviceNs'))
  }

  /** The same for all arms: what many iterations take on average is another time than what one takes mostly. */
  #size(warm: Sample[]): number {
    const { mode, arms } = this.#request
    const longestSampleNs = this.#rules.budgetNs / this.#rules.leastRounds / arms.length
    const probes = arms.map((_, arm) => probeOf(warm, arm))
    const wanted = probes.map((probe) => iterationsFor(probe, { mode, kind: this.#device.info.kind, longestSampleNs }))
    const slowest = Math.max(...probes.map(({ deviceNs }) => deviceNs), 1)
    return Math.max(Math.min(Math.max(...wanted), Math.floor(longestSampleNs / slowest)), 1)
  }

  /** Samples in the order taken, each with the arm that it is of. */
  async #rounds(iterations: number, count: number): Promise<Result<Sample[]>> {
    const { arms, changes, mode } = this.#request
    const order = orderOf(arms.length, (this.#request.drawLot ?? byChance)()).slice(0, this.#roundsAtOnce * arms.length)
    const runArms = order.map((arm): Arm => {
      const all = arms[arm]!
      const sets = changes === 'chunk' ? [all[this.#chunks % all.length]!] : rotated(all, this.#iterationsDone)
      return { sets: sets.map((dispatch) => [dispatch]), iterations }
    })
    this.#iterationsDone += count * iterations * order.length
    const taken = await this.#device.run({ arms: runArms, mode, rounds: count, hasOneRotation: true })
    return taken.ok ? ok(taken.value.map((sample) => ({ ...sample, arm: order[sample.arm]! }))) : taken
  }
}

const byChance = () => (Math.random() < 0.5 ? 0 : 1)

function probeOf(samples: Sample[], arm: number): Probe & { totalNs: number } {
  const settled = samples.filter((sample) => sample.arm === arm).slice(1)
  const deviceNs = median(perIteration(settled, 'deviceNs'))
  const overheadNs = median(settled.map((s) => (s.encodeNs + s.commitNs) / s.iterations))
  return { deviceNs, overheadNs, totalNs: deviceNs + overheadNs }
}

function invalidArm(samples: Sample[]): number | null {
  const bad = samples.filter((sample) => sample.isInvalid || !(sample.deviceNs > 0))
  return bad.length > 0 ? Math.min(...bad.map(({ arm }) => arm)) : null
}

/** One of a sample's times, per iteration. */
export function perIteration(
  samples: readonly Sample[],
  time: 'deviceNs' | 'encodeNs' | 'commitNs' | 'waitNs',
): number[] {
  return samples.map((sample) => sample[time] / sample.iterations)
}
