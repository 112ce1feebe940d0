import type { GateResult } from '#contract/evidence.ts'
import type { Flag } from '#contract/manifest.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import type { ProofPlace } from './proof-place.ts'
import { flops, type ProofShapes } from './proof-shapes.ts'
import type { ProofTiers } from './proof-tiers.ts'
import type { RunSession } from './session.ts'
import type { RunContext, RunHooks } from './types.ts'

/** A proof gives up a flag after this many failing shapes: the answer is known, the rest would only cost time. */
const failingShapesEnough = 3

/** What the gates came to for one flag. */
export interface FlagProof {
  flag: Flag
  shapes: ProofShapes
  gates: GateResult[]
  /** Shapes that were run and count. */
  ran: Shape[]
  failing: number
}

/** One or more flags of a variant under proof: a shape that several of them ask for is run once. */
export interface Proof {
  context: RunContext
  hooks: RunHooks
  session: RunSession
  tiers: ProofTiers
  flags: FlagProof[]
  /** Flags that need what is being run to pass. */
  needing: readonly Flag[]
  /** The last run of the gates, for as long as they go on. */
  place: ProofPlace | null
}

/** A shape with the flags that ask for it. */
export interface AskedShape {
  shape: Shape
  /** It must pass for these. */
  required: FlagProof[]
  /** It must pass for these unless the kernel fails it without the capability too. */
  beyond: FlagProof[]
}

export const isGivenUp = ({ failing }: FlagProof) => failing >= failingShapesEnough

/** What flags ask for, every shape a single time, the cheapest first. */
export function askedShapes(flags: readonly FlagProof[]): AskedShape[] {
  return collected(flags, ({ required, beyond }) => ({ required, beyond }))
}

/** As askedShapes, of what is so large that it is run once. */
export function askedOnce(flags: readonly FlagProof[]): AskedShape[] {
  return collected(flags, ({ once }) => ({ required: once, beyond: [] }))
}

function collected(
  flags: readonly FlagProof[],
  from: (shapes: ProofShapes) => Pick<ProofShapes, 'required' | 'beyond'>,
): AskedShape[] {
  const asked = new Map<string, AskedShape>()
  const ask = (shape: Shape): AskedShape => {
    const text = formatShape(shape)
    const known = asked.get(text) ?? { shape, required: [], beyond: [] }
    asked.set(text, known)
    return known
  }
  for (const flag of flags) {
    const { required, beyond } = from(flag.shapes)
    for (const shape of required) ask(shape).required.push(flag)
    for (const shape of beyond) ask(shape).beyond.push(flag)
  }
  return [...asked.values()].sort((a, b) => flops(a.shape) - flops(b.shape))
}
