import { shapeSchema } from '#contract/shape.ts'
import { must, scaleSource, testDevice } from '../bridge/device-fixture.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { NativeLibrary } from '../bridge/native-library.ts'
import type { Dispatch } from '../bridge/run.ts'
import { RandomStream } from '../verify/random-stream.ts'
import { measureArms, perIteration } from './measure.ts'
import { compareArms } from './verdict.ts'

/** Test support: what makes the null device's clock unsteady, as shares; klab.h says what each is. */
export interface Noise {
  jitter?: number
  drift?: number
  spikes?: number
  bimodal?: number
  /** Of one arm alone. */
  wander?: number
  bursts?: number
  /** How long a swing of the drift takes, ns; by the seed when absent. */
  swingNs?: number
  /** How long a rate of the bimodal clock lasts on average, ns; 10 ms when absent. */
  stateNs?: number
}

/** Test support: comparisons of a kernel with a baseline of `latencyNs`, of which it takes `ratio` times as long. */
export interface Simulation {
  noise: Noise
  latencyNs: number
  ratio: number
  pairs: number
}

/** Test support: how often each verdict was given, and the interval contained the ratio. */
export interface Score {
  pairs: number
  fast: number
  slow: number
  same: number
  covered: number
  /** Rounds of all comparisons together. */
  rounds: number
}

/** Test support: what a device's clock may do to a measurement, each alone and all at once. */
export const noises: Record<string, Noise> = {
  steady: {},
  drift: { drift: 0.15 },
  spikes: { spikes: 0.05 },
  bimodal: { bimodal: 0.25 },
  'all three': { drift: 0.15, spikes: 0.05, bimodal: 0.25 },
}

/** Test support: a clock that swings by 40 % in 5 s, and what befalls one arm alone. */
export const harderNoises: Record<string, Noise> = {
  'strong drift': { drift: 0.4, swingNs: 5e9 },
  'each arm wanders, 1 %': { wander: 0.01 },
  'each arm wanders, 3 %': { wander: 0.03 },
  'bursts hit one arm': { bursts: 0.2 },
}

/** Test support: the null device, and the lab's own way from dispatches to a verdict. */
export class SimulatedLab {
  readonly #device: DeviceHandle
  readonly #arms: [Dispatch, Dispatch]

  private constructor(device: DeviceHandle, arms: [Dispatch, Dispatch]) {
    this.#device = device
    this.#arms = arms
  }

  static async open(library: NativeLibrary): Promise<SimulatedLab> {
    const device = testDevice(library, 'null')
    const buffer = (index: number) => ({ index, buffer: must(device.createBuffer({ bytes: 64 })) })
    const module = must(await device.createModule({ source: scaleSource, path: '/scale.metal' }))
    const extents = { grid: [1, 1, 1], threads: [16, 1, 1] } as const
    const factor = { index: 2, bytes: new Uint8Array(4) }
    const op = must(await module.createOp({ entry: 'scale' }))
    const kernel = { op, args: [buffer(0), buffer(1), factor], ...extents }
    const library1x1 = must(await device.createBaseline(shapeSchema.parse({ m: 1, n: 1, k: 1 })))
    const baseline = { op: library1x1, args: [buffer(0), buffer(1), buffer(2)], ...extents }
    return new SimulatedLab(device, [kernel, baseline])
  }

  /** Each pair is a measurement of its own by the default rules, with a seed of its own. */
  async run({ noise, latencyNs, ratio, pairs }: Simulation): Promise<Score> {
    const latencies = { latencyNs: Math.round(latencyNs * ratio), baselineLatencyNs: latencyNs }
    const settings = {
      jitter: 0.01,
      drift: 0,
      spikes: 0,
      bimodal: 0,
      wander: 0,
      bursts: 0,
      swingNs: 0,
      stateNs: 0,
      ...noise,
      ...latencies,
    }
    for (const [key, value] of Object.entries(settings)) must(this.#device.setOption(key, `${value}`))
    const score: Score = { pairs, fast: 0, slow: 0, same: 0, covered: 0, rounds: 0 }
    for (let seed = 0; seed < pairs; seed++) {
      must(this.#device.setOption('seed', `${seed}`))
      const lots = new RandomStream(seed)
      await this.#compare(score, ratio, () => (lots.next() < 0 ? 0 : 1))
    }
    return score
  }

  close(): void {
    this.#device.close()
  }

  async #compare(score: Score, truth: number, drawLot: () => 0 | 1): Promise<void> {
    const [kernel, baseline] = this.#arms
    const asked = {
      arms: [[kernel], [baseline]],
      changes: 'chunk' as const,
      mode: 'single' as const,
      drawLot,
      onProgress: () => true,
    }
    const measured = must(await measureArms(this.#device, asked))
    if ('invalidArm' in measured) throw new Error('the simulated clock is never invalid')
    const [first, second] = measured.samples.map((samples) => perIteration(samples, 'deviceNs'))
    const { ratio, verdict } = compareArms(first!, second!, measured.plan)
    if (verdict === 'FAST') score.fast++
    if (verdict === 'SLOW') score.slow++
    if (verdict === 'SAME') score.same++
    if (ratio.low <= truth && truth <= ratio.high) score.covered++
    score.rounds += first!.length
  }
}
