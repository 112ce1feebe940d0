import type { Flag } from '#contract/manifest.ts'
import { provableFlags } from '#contract/manifest.ts'
import { formatShape, type ListedShape, type Shape } from '#contract/shape.ts'
import { flagsNeeded, rejectReason, smallLimits } from '../catalog/filter.ts'
import { planLaunch } from '../catalog/plan-launch.ts'
import type { ManifestVariant, ResolvedKernel } from '../catalog/types.ts'
import { adversarialShapes } from './adversarial-shapes.ts'

/** Shapes that a flag's proof runs, the cheapest first. */
export interface ProofShapes {
  /** Must pass: the model's shapes that the flag opens, and adversarial ones. */
  required: Shape[]
  /** The model's shapes of the capability that only other flags, now off, keep closed: must pass where they do without it. */
  beyond: Shape[]
  /** The model's shapes that cost too much on this device; smaller ones of the same N and of the same K stand in. */
  skipped: Shape[]
  /** Why none is required: the reason that the first candidate was rejected with. */
  closedBecause: string | null
}

/** What the shapes are chosen by. */
export interface ProofQuery {
  kernel: ResolvedKernel
  variant: ManifestVariant
  flag: Flag
  listed: readonly ListedShape[]
  /** Bounds the cost of one run, in floating-point operations: the model's own shapes are worth more than others. */
  flopLimits: { model: number; adversarial: number }
}

/** Chooses the shapes that decide whether a variant deserves a flag. */
export function proofShapes(query: ProofQuery): ProofShapes {
  const { kernel, variant, flag, listed, flopLimits } = query
  const opened = withFlags(variant, [flag])
  const everything = withFlags(variant, provableFlags)
  const model = listed
    .map(({ shape }) => ({ ...shape, dtype: kernel.dtype }))
    .filter((shape) => flagsNeeded(shape).includes(flag))
  const groups = adversarialShapes(query)
  const isOpen = (by: ManifestVariant) => (shape: Shape) =>
    flagsNeeded(shape).includes(flag) && closedReason(kernel, by, shape) === null
  const isOpened = isOpen(opened)
  const adversarial = pickEach(groups, flopLimits, isOpened)
  const beyond = unique(model).filter((shape) => isOpen(everything)(shape) && !isOpened(shape))
  // What keeps a shape closed is taken from it where that can be: the model's extents are then tested all the same.
  const reduced = beyond.map((shape) => withoutClosed(shape, opened))
  const wanted = unique([...model, ...reduced].filter(isOpened))
  const isAffordable = (shape: Shape) => flops(shape) <= flopLimits.model
  const skipped = [...wanted, ...beyond].filter((shape) => !isAffordable(shape))
  const standIns = skipped.flatMap((shape) => standInsOf(shape, flopLimits.model)).filter(isOpened)
  const required = unique([...wanted.filter(isAffordable), ...standIns, ...adversarial])
  const first =
    model[0] ?? firstOf(groups.flatMap((group) => firstOf(group) ?? []).filter((s) => flagsNeeded(s).includes(flag)))
  return {
    required: required.sort(byCost),
    beyond: beyond.filter(isAffordable).sort(byCost),
    skipped,
    closedBecause:
      required.length > 0 || !first
        ? null
        : `${formatShape(first)}: ${closedReason(kernel, opened, first) ?? 'too large for this device'}`,
  }
}

/** The shape without the features that a variant has no flag for. Small extents stay. */
function withoutClosed(shape: Shape, { supports }: ManifestVariant): Shape {
  const features = ['transposeA', 'transposeB', 'batch', 'bias', 'accumulate'] as const
  return features
    .filter((flag) => !supports[flag])
    .reduce((reduced, flag) => withoutCapability(reduced, flag) ?? reduced, shape)
}

/** Affordable shapes with the N, and with the K, of one that is not. Neither becomes small where it was not. */
function standInsOf(shape: Shape, limit: number): Shape[] {
  const { m, n, k, batch } = shape
  const fitting = (other: number) => Math.floor(limit / (2 * batch * m * other))
  const byN = { ...shape, k: Math.min(k, fitting(n)) }
  const byK = { ...shape, n: Math.min(n, fitting(k)) }
  return [
    ...(byN.k >= Math.min(k, smallLimits.k) ? [byN] : []),
    ...(byK.n > Math.min(n - 1, smallLimits.mn) ? [byK] : []),
  ]
}

/** The same shape without what the flag is about; null where a shape cannot be without it. */
export function withoutCapability(shape: Shape, flag: Flag): Shape | null {
  switch (flag) {
    case 'transposeA':
      return { ...shape, tA: false }
    case 'transposeB':
      return { ...shape, tB: false }
    case 'batch':
      return { ...shape, batch: 1 }
    case 'bias':
      return { ...shape, bias: false }
    case 'accumulate':
      return { ...shape, accumulate: false, beta: 0 }
    case 'smallK':
    case 'smallMN':
      return null
  }
}

/** Floating-point operations of a shape. */
export function flops(shape: Shape): number {
  return 2 * shape.batch * shape.m * shape.n * shape.k
}

function firstOf<T>(items: Iterable<T>): T | undefined {
  for (const item of items) return item
  return undefined
}

/** Elements of C. */
export function outputs(shape: Shape): number {
  return shape.batch * shape.m * shape.n
}

/** Judging one output costs the host about as much as this many operations of the product. */
const flopsToJudge = 64

const byCost = (a: Shape, b: Shape) => flops(a) - flops(b)

function unique(shapes: Shape[]): Shape[] {
  return [...new Map(shapes.map((shape) => [formatShape(shape), shape])).values()]
}

function withFlags(variant: ManifestVariant, flags: readonly Flag[]): ManifestVariant {
  return { ...variant, supports: { ...variant.supports, ...Object.fromEntries(flags.map((flag) => [flag, true])) } }
}

function closedReason(kernel: ResolvedKernel, variant: ManifestVariant, shape: Shape): string | null {
  const rejected = rejectReason(variant, shape)
  if (rejected) return rejected
  const plan = planLaunch(kernel, shape)
  return plan.ok || plan.error.kind !== 'unsupported' ? null : plan.error.message
}

/** The first shape of each group that is open and cheap; where none is, the cheapest that is open and affordable. */
function pickEach(
  groups: Iterable<Shape>[],
  limits: ProofQuery['flopLimits'],
  isOpen: (shape: Shape) => boolean,
): Shape[] {
  const cost = (shape: Shape) => Math.max(flops(shape), outputs(shape) * flopsToJudge)
  return groups.flatMap((group) => {
    let cheapest: Shape | undefined
    for (const shape of group) {
      const isNoBetter = cheapest !== undefined && cost(shape) >= cost(cheapest)
      if (flops(shape) > limits.model || isNoBetter || !isOpen(shape)) continue
      if (cost(shape) <= limits.adversarial) return [shape]
      cheapest = shape
    }
    return cheapest ? [cheapest] : []
  })
}
