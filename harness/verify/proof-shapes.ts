import type { Flag } from '#contract/manifest.ts'
import { provableFlags } from '#contract/manifest.ts'
import { formatShape, type ListedShape, type Shape } from '#contract/shape.ts'
import { flagsNeeded, rejectReason, smallLimits } from '../catalog/filter.ts'
import { planLaunch } from '../catalog/plan-launch.ts'
import type { ManifestVariant, ResolvedKernel } from '../catalog/types.ts'
import { adversarialShapes, vastShapes } from './adversarial-shapes.ts'
import { largeOperands } from './large-operands.ts'
import { workOf } from './work.ts'

/** Shapes that a flag's proof runs, the cheapest first. */
export interface ProofShapes {
  /** Must pass: the model's shapes that the flag opens, and adversarial ones. */
  required: Shape[]
  /** The model's shapes of the capability that only other flags, now off, keep closed: must pass where they do without it. */
  beyond: Shape[]
  /** Must pass too, but cost so much that they are run once: the model's largest, extents beyond 16 bits, operands beyond 24. */
  once: Shape[]
  /** What costs too much on this device; of the model's, smaller shapes of the same N and of the same K stand in. */
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
  flopLimits: { model: number; adversarial: number; once: number }
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
  const others = unique(model).filter((shape) => isOpen(everything)(shape) && !isOpened(shape))
  // What keeps a shape closed is taken from it where that can be: the model's extents are then tested all the same.
  const reduced = others.map((shape) => withoutClosed(shape, opened))
  const beyond = others.filter((shape) => hasLayoutOf(opened, shape))
  const wanted = unique([...model, ...reduced].filter(isOpened))
  const isAffordable = (shape: Shape) => flops(shape) <= flopLimits.model
  const isWithin = (limit: number) => (shape: Shape) =>
    cost(shape) <= limit && workOf(kernel, shape) <= limit * workPerFlop
  const isOnce = isWithin(flopLimits.once)
  const isOperand = isWithin(flopLimits.once / 2)
  const large = wanted.filter((shape) => !isAffordable(shape))
  const vast = vastShapes(query).flatMap((group) => firstOf(filtered(group, (s) => isOnce(s) && isOpened(s))) ?? [])
  const operands = largeOperands(query).map((group) => ({
    once: firstOf(filtered(group, (s) => isOperand(s) && isOpened(s))),
    open: firstOf(filtered(group, isOpened)),
  }))
  const standIns = [...large, ...beyond.filter((shape) => !isAffordable(shape))]
    .flatMap((shape) => standInsOf(shape, flopLimits.model))
    .filter(isOpened)
  const required = unique([...wanted.filter(isAffordable), ...standIns, ...adversarial])
  const first =
    model[0] ?? firstOf(groups.flatMap((group) => firstOf(group) ?? []).filter((s) => flagsNeeded(s).includes(flag)))
  return {
    required: required.sort(byCost),
    beyond: beyond.filter(isAffordable).sort(byCost),
    once: unique([...large.filter(isOnce), ...vast, ...operands.flatMap(({ once }) => once ?? [])]).sort(byCost),
    skipped: unique([
      ...large.filter((shape) => !isOnce(shape)),
      ...operands.flatMap(({ once, open }) => (once ? [] : (open ?? []))),
    ]),
    closedBecause:
      required.length > 0 || !first
        ? null
        : `${formatShape(first)}: ${closedReason(kernel, opened, first) ?? 'too large for this device'}`,
  }
}

/** Whether a kernel may be handed operands as they lie: in a layout that is off it reads elsewhere, and may crash. */
function hasLayoutOf({ supports, transposeBOverride }: ManifestVariant, { tA, tB }: Shape): boolean {
  const mayA = !tA || supports.transposeA || supports.expectedTransposeA === true
  return (
    mayA && (!tB || supports.transposeB || supports.expectedTransposeB === true || transposeBOverride !== undefined)
  )
}

/** The shape without the features that a variant has no flag for. Small extents stay. */
function withoutClosed(shape: Shape, { supports }: ManifestVariant): Shape {
  const features = ['transposeA', 'transposeB', 'batch', 'bias', 'accumulate', 'activation'] as const
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
    case 'activation':
      return { ...shape, act: 'none' }
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

function* filtered<T>(items: Iterable<T>, isWanted: (item: T) => boolean): Generator<T> {
  for (const item of items) if (isWanted(item)) yield item
}

/** Elements of C. */
export function outputs(shape: Shape): number {
  return shape.batch * shape.m * shape.n
}

/** Judging one output costs the host about as much as this many operations of the product. */
const flopsToJudge = 64

const cost = (shape: Shape) => Math.max(flops(shape), outputs(shape) * flopsToJudge)

/** A kernel's tiles may be mostly empty: so many times what the host computes of a shape. */
const workPerFlop = 4

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
