import type { Shape } from '#contract/shape.ts'
import { measureArms, perIteration } from '#harness/bench/measure.ts'
import { type Estimate, median } from '#harness/bench/statistics.ts'
import { compareArms } from '#harness/bench/verdict.ts'
import { openDevice } from '#harness/bridge/device-handle.ts'
import { loadNativeLibrary } from '#harness/bridge/native-library.ts'
import { baselineDispatch } from '../baseline-threads/baseline-dispatch.ts'
import { must } from '../device/contest.ts'

/** What one measurement said. */
export interface Run {
  ratio: Estimate
  verdict: string
  text: string
  /** Where others of the same would lie, as the row says. */
  repeats?: { low: number; high: number }
}

/** One measurement of a baseline against itself, one op on one set of buffers, by the lab's own rules. */
export async function measureSelf(shape: Shape): Promise<Run> {
  const device = must(openDevice(must(loadNativeLibrary()), 'cpu'))
  try {
    const dispatch = await baselineDispatch(device, shape)
    const asked = {
      arms: [[dispatch], [dispatch]],
      changes: 'chunk' as const,
      mode: 'single' as const,
      onProgress: () => true,
    }
    const measured = must(await measureArms(device, asked))
    if ('invalidArm' in measured) throw new Error('the clock was not valid')
    const [first, second] = measured.samples.map((samples) => perIteration(samples, 'deviceNs'))
    const { ratio, verdict } = compareArms(first!, second!, measured.plan)
    const text = `${(median(first!) / 1e6).toPrecision(3)} ms, ${first!.length} samples, ${measured.stop}`
    return { ratio, verdict, text }
  } finally {
    device.close()
  }
}
