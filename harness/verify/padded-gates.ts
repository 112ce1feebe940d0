import type { LabError } from '#contract/error.ts'
import type { GateResult } from '#contract/evidence.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import { paddingFor } from '../catalog/row-padding.ts'
import type { RowPadding } from '../catalog/types.ts'
import { judgeSubjects } from './gates.ts'
import type { AskedShape, FlagProof, Proof } from './proof-state.ts'
import { cancelledBy } from './session.ts'
import { workOf } from './work.ts'

/** Before the name of a gate that was run with rows apart. */
export const paddedGate = 'padded-'

/** Odd, so that rows begin unaligned; then whole vectors, which a kernel may load as such. */
const paddings: RowPadding[] = [
  { a: 3, b: 5, c: 1 },
  { a: 8, b: 4, c: 8 },
]
/** For each flag, of the shapes that it requires and of each kind of padding. */
const mostShapes = 6
/** Multiply-adds of the largest: what a wrong leading dimension spoils shows on small ones. */
const mostWork = 5e5

/**
 * The gates once more with rows apart, for a kernel whose launch hands over leading dimensions. What lies between the
 * rows is poison, which spoils every sum that it enters, and must still be there in C afterwards. One seed, every tier.
 */
export async function runPaddedGates(proof: Proof, asked: readonly AskedShape[]): Promise<LabError | null> {
  const { hooks } = proof
  const chosen = paddings.flatMap((wanted) => shapesToPad(proof, asked, wanted))
  for (const [done, { flags, shape, padding }] of chosen.entries()) {
    const cancelled = cancelledBy(hooks)
    if (cancelled && !cancelled.ok) return cancelled.error
    hooks.progress('gate', done, chosen.length, `${formatShape(shape)}, ${textOf(padding)}`)
    const gates: GateResult[] = []
    proof.needing = flags.map(({ flag }) => flag)
    const subjects = await proof.tiers.subjects(shape)
    if (!subjects.ok) return subjects.error
    for (const data of ['random', 'pm1'] as const) {
      const judged = await judgeSubjects(proof.context, subjects.value, { shape, seed: 1, data, padding })
      if (!judged.ok) return judged.error
      for (const one of judged.value ?? []) {
        if (one.ok) gates.push(...one.value.gates.map((gate) => padded(gate, padding)))
        else if (one.error.kind !== 'unsupported') return one.error
      }
    }
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

const textOf = ({ a, b, c }: RowPadding) => `rows of A ${a}, of B ${b}, of C ${c} elements apart`

interface PaddedShape {
  shape: Shape
  padding: RowPadding
  flags: FlagProof[]
}

/** Shapes spread evenly over those that each flag requires and that passed so far. */
function shapesToPad({ session }: Proof, asked: readonly AskedShape[], wanted: RowPadding): PaddedShape[] {
  const fitting = asked.flatMap(({ shape, required }) => {
    const flags = required.filter(({ failing }) => failing === 0)
    if (flags.length === 0 || workOf(session.kernel, shape) > mostWork) return []
    const padding = paddingFor(session.kernel, shape, wanted)
    return padding ? [{ shape, padding, flags }] : []
  })
  const chosen = new Set<PaddedShape>()
  for (const flag of new Set(fitting.flatMap(({ flags }) => flags))) {
    const own = fitting.filter(({ flags }) => flags.includes(flag))
    const step = Math.max(1, own.length / mostShapes)
    for (let at = own.length - 1; at >= 0; at -= step) chosen.add(own[Math.round(at)] as PaddedShape)
  }
  return fitting.filter((one) => chosen.has(one))
}
