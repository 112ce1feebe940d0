import { type Flag, provableFlags } from '#contract/manifest.ts'
import type { Mutant } from '#contract/mutant.ts'
import { formatShape, type Shape, shapeSchema } from '#contract/shape.ts'
import type { ManifestVariant } from '#harness/catalog/types.ts'
import { shapesOfWorkspace } from '#harness/catalog/workspace-shapes.ts'
import { judgeSubjects } from '#harness/verify/gates.ts'
import { tryMutants } from '#harness/verify/mutants/try-mutants.ts'
import { flops, proofShapes } from '#harness/verify/proof-shapes.ts'
import { watchKernel } from '#harness/verify/sanitize.ts'
import { Sequences } from '#harness/verify/sequences.ts'
import { RunSession } from '#harness/verify/session.ts'
import type { RunContext } from '#harness/verify/types.ts'
import { shapesToWatch } from '#harness/verify/watch.ts'

const hooks = { progress: () => {}, signal: new AbortController().signal }
const limits = { model: 2e7, adversarial: 4e6, once: 0 }
/** All shapes count for one flag here: what is asked is whether any of a kernel's gates notices. */
const pooled: Flag = 'smallMN'

/** What became of one kernel. */
export interface Study {
  variant: string
  mutants: Mutant[]
  /** Shapes of the gates that mutants were run on. */
  shapes: number
  /** Runs of the right kernel through the gates, each with a seed of its own, and those that a gate refused. */
  seeds: number
  refused: string[]
}

/** A kernel that was studied, or why it was not. */
export type Ended = { study: Study } | { variant: string; skipped: string }

function must<T>(result: { ok: true; value: T } | { ok: false; error: { message: string } }): T {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

/**
 * The variant as it would be with every flag on that its launch can serve. Activations stay off where they are not claimed:
 * with them there are more builds of a kernel than a mutant is compared in, and text that none holds would be untested.
 */
function claimed(variant: ManifestVariant, supports: Partial<Record<string, boolean>>): ManifestVariant {
  const serves = (flag: Flag) => supports[flag] && (flag !== 'activation' || variant.supports.activation)
  const on = provableFlags.filter((flag) => flag === 'smallK' || flag === 'smallMN' || serves(flag))
  return { ...variant, supports: { ...variant.supports, ...Object.fromEntries(on.map((flag) => [flag, true])) } }
}

/** Every mutant of a kernel through its gates, and the kernel itself over many seeds. */
export async function studyKernel(
  given: RunContext,
  { id, seeds, most }: { id: string; seeds: number; most: number },
): Promise<Ended> {
  const context = { ...given, sequences: new Sequences() }
  const shape = shapeSchema.parse({ m: 1, n: 1, k: 1 })
  const session = must(RunSession.begin(context, hooks, { target: { kind: 'variant', id }, shape }))
  try {
    const { kernel } = session
    if (!kernel.variant || kernel.usesDeviceBaseline) return { variant: id, skipped: 'it has no source' }
    const variant = claimed(kernel.variant, kernel.launch.supports)
    const listed = shapesOfWorkspace(context.workspace).shapes
    const asked = provableFlags
      .filter((flag) => variant.supports[flag])
      .map((flag) => ({ flag, shapes: proofShapes({ kernel, variant, flag, listed, flopLimits: limits }).required }))
    const telling = shapesToWatch(kernel, asked).filter(({ isTelling }) => isTelling)
    const watched = must(await watchKernel(context, { session, shapes: telling }, hooks))
    const [finding] = watched.findings
    if (finding) return { variant: id, skipped: `${finding.shape}: ${finding.finding.message}` }
    const shapes = telling.map(({ shape: one }) => one)
    const flags = [{ flag: pooled, shapes }]
    for (const one of telling) one.flags = new Set([pooled])
    const kills = must(await tryMutants(context, { kernel, flags, watched: telling, most }, hooks))
    const refused = await refusals(context, session, { shapes, seeds })
    return { study: { variant: id, mutants: kills.get(pooled) ?? [], shapes: shapes.length, seeds, refused } }
  } finally {
    session.end()
  }
}

/** The right kernel over seeds 1001, 1002, …, on cheap shapes in turn: every gate that refuses it, with the seed. */
async function refusals(
  context: RunContext,
  session: RunSession,
  { shapes, seeds }: { shapes: readonly Shape[]; seeds: number },
): Promise<string[]> {
  const cheap = shapes.filter((shape) => flops(shape) <= 3e5)
  const refused: string[] = []
  for (let i = 0; i < seeds && cheap.length > 0; i++) {
    const shape = cheap[i % cheap.length] as Shape
    for (const data of ['random', 'pm1'] as const) {
      const request = { shape, seed: 1001 + i, data, biasScale: [1, 8, 64][i % 3] }
      const judged = must(
        await judgeSubjects({ ...context, sequences: new Sequences() }, [session.kernelSubject], request),
      )
      const gates = (judged ?? []).flatMap((one) => (one.ok ? one.value.gates : [{ gate: 'run', passed: false }]))
      const failed = gates.find(({ passed }) => !passed)
      if (failed) refused.push(`${failed.gate} on ${formatShape(shape)}, seed ${request.seed}`)
    }
  }
  return refused
}
