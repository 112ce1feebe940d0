import { fail, ok, type Result } from '#contract/error.ts'
import type { Mode, Row } from '#contract/row.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { Arm, Dispatch } from '../bridge/run.ts'
import type { Sample } from '../bridge/types.ts'
import { rotated } from './rotation.ts'
import { iterationsFor, type Probe } from './sizing.ts'
import { median, medianEstimate, relativeHalfWidth } from './statistics.ts'

/** When to stop. At least `leastSamples` are taken, whatever they cost; fewer than `convergeFrom` are never enough. */
export interface StopRules {
  leastSamples: number
  /** Each half of the samples is a gauge arm, and must say something by itself. */
  convergeFrom: number
  mostSamples: number
  budgetNs: number
  /** Relative half-width of the 95 % interval of the median. */
  convergedAt: number
}

/** First result within about a second: a third of it is left for compiling and verifying. */
export const defaultStopRules: StopRules = {
  leastSamples: 10,
  convergeFrom: 20,
  mostSamples: 300,
  budgetNs: 6e8,
  convergedAt: 0.01,
}

/** One side: the same dispatches over each of several sets of buffers (one set: warm). */
export type MeasuredArm = Dispatch[]

export interface MeasureRequest {
  arms: MeasuredArm[]
  mode: Mode
  rules?: StopRules
  /** Called with samples taken and the most there will be; answers false to stop the run as cancelled. */
  onProgress(done: number, total: number): boolean
}

/** Per arm, all samples in the order taken, as totals of `iterations`. */
export interface Measurement {
  iterations: number[]
  samples: Sample[][]
  stop: NonNullable<Row['stop']>
}

/** What a measurement found wrong with the device's clock. */
export interface InvalidClock {
  invalidArm: number
}

const warmUpRounds = 3

/**
 * Measures the arms strictly interleaved, A B A B …: warm-up, sizing, then rounds until the medians are known to 1 %,
 * or a cap is met. Arms with several sets rotate through them. A sample whose timestamps are not valid ends the
 * measurement: it is an error, never a time.
 */
export async function measureArms(
  device: DeviceHandle,
  request: MeasureRequest,
): Promise<Result<Measurement | InvalidClock>> {
  const run = new Measuring(device, request)
  return run.take()
}

class Measuring {
  readonly #device: DeviceHandle
  readonly #request: MeasureRequest
  readonly #rules: StopRules
  readonly #samples: Sample[][]
  readonly #iterationsDone: number[]
  /** Of all samples: where the device's clock is simulated, the budget is counted by it, and the host's load plays no part. */
  #deviceNs = 0

  constructor(device: DeviceHandle, request: MeasureRequest) {
    this.#device = device
    this.#request = request
    this.#rules = request.rules ?? defaultStopRules
    this.#samples = request.arms.map(() => [])
    this.#iterationsDone = request.arms.map(() => 0)
  }

  async take(): Promise<Result<Measurement | InvalidClock>> {
    const warm = await this.#rounds(
      this.#request.arms.map(() => 1),
      warmUpRounds,
    )
    if (!warm.ok) return warm
    const invalid = invalidArm(warm.value)
    if (invalid !== null) return ok({ invalidArm: invalid })
    const iterations = this.#size(warm.value)
    const roundNs = this.#request.arms.reduce(
      (sum, _, arm) => sum + iterations[arm]! * probeOf(warm.value, arm).totalNs,
      0,
    )
    const chunk = clamp(Math.round(1e8 / roundNs), 1, this.#rules.leastSamples)
    const isSimulated = this.#device.info.timeDomain === 'none'
    const start = performance.now()
    for (;;) {
      const taken = this.#samples[0]!.length
      if (!this.#request.onProgress(taken, this.#rules.mostSamples))
        return fail({ kind: 'cancelled', message: 'cancelled' })
      const stop = this.#stop(isSimulated ? this.#deviceNs : (performance.now() - start) * 1e6)
      if (stop) return ok({ iterations, samples: this.#samples, stop })
      const more = await this.#rounds(iterations, Math.min(chunk, this.#rules.mostSamples - taken))
      if (!more.ok) return more
      const wrong = invalidArm(more.value)
      if (wrong !== null) return ok({ invalidArm: wrong })
      for (const sample of more.value) {
        this.#samples[sample.arm]!.push(sample)
        this.#deviceNs += sample.deviceNs
      }
    }
  }

  #size(warm: Sample[]): number[] {
    const { mode, arms } = this.#request
    const longestSampleNs = this.#rules.budgetNs / this.#rules.leastSamples / arms.length
    return arms.map((_, arm) =>
      iterationsFor(probeOf(warm, arm), { mode, kind: this.#device.info.kind, longestSampleNs }),
    )
  }

  #stop(elapsedNs: number): NonNullable<Row['stop']> | null {
    const taken = this.#samples[0]!.length
    if (taken < this.#rules.leastSamples) return null
    const isKnown = this.#samples.every(
      (samples) => relativeHalfWidth(medianEstimate(perIteration(samples, 'deviceNs'))) <= this.#rules.convergedAt,
    )
    if (isKnown && taken >= this.#rules.convergeFrom) return 'converged'
    if (taken >= this.#rules.mostSamples) return 'sample-cap'
    return elapsedNs >= this.#rules.budgetNs ? 'time-cap' : null
  }

  #rounds(iterations: number[], count: number): Promise<Result<Sample[]>> {
    const { arms, mode } = this.#request
    const runArms = arms.map((sets, arm): Arm => {
      const order = rotated(sets, { arm, arms: arms.length, done: this.#iterationsDone[arm]! })
      this.#iterationsDone[arm]! += count * iterations[arm]!
      return { sets: order.map((dispatch) => [dispatch]), iterations: iterations[arm]! }
    })
    return this.#device.run({ arms: runArms, mode, rounds: count })
  }
}

function probeOf(samples: Sample[], arm: number): Probe & { totalNs: number } {
  const settled = samples.filter((sample) => sample.arm === arm).slice(1)
  const deviceNs = median(perIteration(settled, 'deviceNs'))
  const overheadNs = median(settled.map((s) => (s.encodeNs + s.commitNs) / s.iterations))
  return { deviceNs, overheadNs, totalNs: deviceNs + overheadNs }
}

function invalidArm(samples: Sample[]): number | null {
  const bad = samples.find((sample) => sample.isInvalid || !(sample.deviceNs > 0))
  return bad ? bad.arm : null
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}

/** One of a sample's times, per iteration. */
export function perIteration(
  samples: readonly Sample[],
  time: 'deviceNs' | 'encodeNs' | 'commitNs' | 'waitNs',
): number[] {
  return samples.map((sample) => sample[time] / sample.iterations)
}
