import type { RunOutcome } from '#contract/ipc.ts'
import type { Row } from '#contract/row.ts'
import type { LabPort } from '#contract/serve.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import type { Catalog } from '#contract/workspace.ts'

/** The output projection of Qwen2.5-0.5B for one token: small enough for any device. */
const shape: Shape = {
  m: 1,
  n: 896,
  k: 896,
  batch: 1,
  tA: false,
  tB: true,
  bias: false,
  alpha: 1,
  beta: 0,
  accumulate: false,
  act: 'none',
  dtype: 'f16',
}

/** Benches one kernel of the workspace and says how it went in one line. Never throws. */
export async function sampleRow(lab: LabPort): Promise<string> {
  const [catalog, devices] = await Promise.all([lab.request('catalog.get', {}), lab.request('devices.list', {})])
  if (!catalog.ok) return `No sample: ${catalog.error.message}`
  if (!devices.ok) return `No sample: ${devices.error.message}`
  const device = devices.value.devices.find((d) => d.kind !== 'null' && d.unavailable === undefined)
  if (device === undefined) {
    const reasons = devices.value.devices.flatMap((d) => (d.unavailable ? [`${d.id}: ${d.unavailable}`] : []))
    return `No sample: no device can run kernels here. ${reasons.join(' ')}`
  }
  const variant = sampleVariant(catalog.value)
  if (variant === undefined) return 'No sample: the workspace has no variant that the lab can run.'
  const outcome = await bench(lab, variant, device.id)
  const head = `Sample: ${variant} on ${device.name}, ${formatShape(shape)}`
  if (typeof outcome === 'string') return `${head}\n  ${outcome}`
  if (outcome.kind === 'bench') return `${head}\n  ${describe(outcome.row)}`
  return `${head}\n  ${outcome.kind === 'failed' ? outcome.error.message : 'no row'}`
}

/** A kernel made for one row of A, else any that runs. */
function sampleVariant(catalog: Catalog): string | undefined {
  const runnable = catalog.variants.filter((v) => v.enabled && v.isRunnable && v.dtype === shape.dtype)
  return (runnable.find((v) => v.backend === 'm1') ?? runnable[0])?.id
}

async function bench(lab: LabPort, variant: string, device: string): Promise<RunOutcome | string> {
  // A fast run may finish before its id is known, so every outcome is kept until then.
  const outcomes = new Map<string, RunOutcome>()
  let wake = () => {}
  const stop = lab.on('run.finished', ({ runId, outcome }) => {
    outcomes.set(runId, outcome)
    wake()
  })
  try {
    const started = await lab.request('bench.start', { target: { kind: 'variant', id: variant }, shape, device })
    if (!started.ok) return started.error.message
    for (;;) {
      const outcome = outcomes.get(started.value.runId)
      if (outcome !== undefined) return outcome
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  } finally {
    stop()
  }
}

function describe(row: Row): string {
  if (row.status !== 'ok') return `${row.status}: ${row.reason ?? 'no reason given'}`
  const { ratio, kernel, baseline } = row
  const time = (arm: { gpuNs?: number; cpuNs?: number } | undefined) => {
    if (arm?.gpuNs !== undefined) return `${(arm.gpuNs / 1000).toPrecision(3)} µs GPU`
    return arm?.cpuNs === undefined ? '–' : `${(arm.cpuNs / 1000).toPrecision(3)} µs CPU`
  }
  const error = row.error === undefined ? '' : `; largest error ${row.error.bound.toPrecision(2)} of its bound`
  if (ratio === undefined) return `ok: ${time(kernel)}, no baseline (${baseline.missing ?? baseline.name})${error}`
  const interval = `${ratio.low.toPrecision(3)} … ${ratio.high.toPrecision(3)}`
  return `ok: ${time(kernel)} against ${time(baseline)} of ${baseline.name}, ratio ${ratio.value.toPrecision(3)} (${interval})${error}`
}
