import type { LabError } from '#contract/error.ts'
import type { GateResult } from '#contract/evidence.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import { planLaunch } from '../catalog/plan-launch.ts'
import { paddingFor } from '../catalog/row-padding.ts'
import type { ResolvedKernel, RowPadding } from '../catalog/types.ts'
import { rowsOf } from './bound-op.ts'
import { judgeSubjects } from './gates.ts'
import { isAboutShape } from './proof-place.ts'
import type { AskedShape, FlagProof, Proof } from './proof-state.ts'
import { cancelledBy } from './session.ts'
import { buildOf, inTellingOrder } from './watch.ts'
import { workOf } from './work.ts'

/** Before the name of a gate that was run with rows apart. */
export const paddedGate = 'padded-'

/** Odd, so that rows begin unaligned; then whole vectors, which a kernel may load as such. */
const paddings: RowPadding[] = [
  { a: 3, b: 5, c: 1 },
  { a: 8, b: 4, c: 8 },
]
/** For each flag, of the shapes that it requires and of each kind of padding. */
const mostShapes = 8
/** Multiply-adds of the largest: what a wrong leading dimension spoils shows on small ones. */
const mostWork = 1.1e6

/**
 * The gates once more with rows apart, for a kernel whose launch hands over leading dimensions. What lies between the
 * rows is poison, which spoils every sum that it enters, and must still be there in C afterwards. One seed, every tier.
 */
export async function runPaddedGates(proof: Proof, asked: readonly AskedShape[]): Promise<LabError | null> {
  const { hooks } = proof
  const chosen = paddings.flatMap((wanted) => shapesToPad(proof, asked, wanted))
  for (const [done, { flags, shape, padding, spread }] of chosen.entries()) {
    const cancelled = cancelledBy(hooks)
    if (cancelled && !cancelled.ok) return cancelled.error
    hooks.progress('gate', done, chosen.length, `${formatShape(shape)}, ${textOf(spread)}`)
    const gates: GateResult[] = []
    proof.needing = flags.map(({ flag }) => flag)
    const subjects = await proof.tiers.subjects(shape)
    if (!subjects.ok) return subjects.error
    let refusal: LabError | null = null
    for (const data of ['random', 'pm1'] as const) {
      const judged = await judgeSubjects(proof.context, subjects.value, { shape, seed: 1, data, padding })
      if (!judged.ok) return judged.error
      for (const one of judged.value ?? []) {
        if (one.ok) gates.push(...one.value.gates.map((gate) => padded(gate, spread)))
        else if (!isAboutShape(one.error)) return one.error
        // A tier may refuse a shape, but not the last that there is.
        else if (one.error.kind !== 'unsupported') gates.push(refused(shape, spread, one.error))
        else refusal = one.error
      }
    }
    if (gates.length === 0 && refusal) gates.push(refused(shape, spread, refusal))
    for (const flag of flags) {
      flag.gates.push(...gates)
      if (gates.some(({ passed }) => !passed)) flag.failing++
    }
  }
  return null
}

function padded(result: GateResult, padding: RowPadding): GateResult {
  const why = result.detail === undefined ? '' : `${result.detail}; `
  return { ...result, gate: `${paddedGate}${result.gate}`, detail: `${why}${textOf(padding)}` }
}

const refused = (shape: Shape, padding: RowPadding, { message }: LabError) =>
  padded({ gate: 'run', passed: false, shape: formatShape(shape), seed: 1, detail: message }, padding)

const textOf = ({ a, b, c }: RowPadding) => `rows of A ${a}, of B ${b}, of C ${c} elements apart`

interface PaddedShape {
  shape: Shape
  padding: RowPadding
  /** Of the padding what the shape has rows for. */
  spread: RowPadding
  flags: FlagProof[]
}

/**
 * Shapes that each flag requires and that passed so far: in every build those whose extents divide best, for which a
 * kernel may have a way of its own, then as different as they come.
 */
function shapesToPad({ session }: Proof, asked: readonly AskedShape[], wanted: RowPadding): PaddedShape[] {
  const { kernel } = session
  const fitting = asked.flatMap(({ shape, required }) => {
    const flags = required.filter(({ failing }) => failing === 0)
    if (flags.length === 0 || workOf(kernel, shape) > mostWork) return []
    const padding = paddingFor(kernel, shape, wanted)
    const spread = padding && spreadOf(kernel, shape, padding)
    return padding && spread ? [{ shape, padding, spread, flags }] : []
  })
  const chosen = new Set<Shape>()
  for (const flag of new Set(fitting.flatMap(({ flags }) => flags))) {
    const own = fitting.filter(({ flags }) => flags.includes(flag)).map(({ shape }) => shape)
    const different = [...inTellingOrder(kernel, own)].map(({ shape }) => shape)
    const first = bestDividing(kernel, own).slice(0, mostShapes / 2)
    for (const shape of [...new Set([...first, ...different])].slice(0, mostShapes)) chosen.add(shape)
  }
  return fitting.filter(({ shape }) => chosen.has(shape))
}

/** What of a padding shows: in operands that have a second row, which then begins elsewhere. Null where none has. */
function spreadOf(kernel: ResolvedKernel, shape: Shape, { a, b, c }: RowPadding): RowPadding | null {
  const plan = planLaunch(kernel, shape)
  if (!plan.ok) return null
  const rows = rowsOf(shape, plan.value)
  const spread = { a: rows.a.rows > 1 ? a : 0, b: rows.b.rows > 1 ? b : 0, c: rows.c.rows > 1 ? c : 0 }
  return spread.a + spread.b + spread.c > 0 ? spread : null
}

/** Of every build the shape of which N and K, and the one of which all extents, can be halved most often together. */
function bestDividing(kernel: ResolvedKernel, shapes: readonly Shape[]): Shape[] {
  const halvings = (extent: number) => Math.log2(extent & -extent)
  const together: ((shape: Shape) => number)[] = [
    ({ n, k, m }) => Math.min(halvings(n), halvings(k)) + (m > 1 ? 0.5 : 0),
    ({ m, n, k }) => Math.min(halvings(m), halvings(n), halvings(k)),
  ]
  const builds = Map.groupBy(shapes, (shape) => buildOf(kernel, shape))
  const most = (of: readonly Shape[], worth: (shape: Shape) => number) =>
    of.reduce((best, shape) => (worth(shape) > worth(best) ? shape : best))
  return together.flatMap((worth) => [...builds.values()].map((own) => most(own, worth)))
}
