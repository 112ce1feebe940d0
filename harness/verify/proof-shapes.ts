import type { Flag } from '#contract/manifest.ts'
import { provableFlags } from '#contract/manifest.ts'
import { formatShape, type ListedShape, type Shape, shapeSchema } from '#contract/shape.ts'
import { flagsNeeded, rejectReason, smallLimits } from '../catalog/filter.ts'
import { planLaunch } from '../catalog/plan-launch.ts'
import type { ManifestVariant, ResolvedKernel } from '../catalog/types.ts'

/** Shapes that a flag's proof runs, the cheapest first. */
export interface ProofShapes {
  /** Must pass: the model's shapes that the flag opens, and adversarial ones. */
  required: Shape[]
  /** The model's shapes of the capability that only other flags, now off, keep closed: must pass where they do without it. */
  beyond: Shape[]
  /** Left out because they cost too much on this device. */
  skipped: Shape[]
  /** Why none is required: the reason that the first candidate was rejected with. */
  closedBecause: string | null
}

/** What the shapes are chosen by. `flopLimit` bounds the cost of one run. */
export interface ProofQuery {
  kernel: ResolvedKernel
  variant: ManifestVariant
  flag: Flag
  listed: readonly ListedShape[]
  flopLimit: number
}

/** Chooses the shapes that decide whether a variant deserves a flag. */
export function proofShapes(query: ProofQuery): ProofShapes {
  const { kernel, variant, flag, listed, flopLimit } = query
  const opened = withFlags(variant, [flag])
  const everything = withFlags(variant, provableFlags)
  const model = listed
    .map(({ shape }) => ({ ...shape, dtype: kernel.dtype }))
    .filter((shape) => flagsNeeded(shape).includes(flag))
  const candidates = adversarialShapes(query)
  const isOpen = (by: ManifestVariant) => (shape: Shape) =>
    flagsNeeded(shape).includes(flag) && closedReason(kernel, by, shape) === null
  const required = unique([...model, ...pickEach(candidates, isOpen(opened))].filter(isOpen(opened)))
  const beyond = unique(model).filter((shape) => isOpen(everything)(shape) && !isOpen(opened)(shape))
  const isAffordable = (shape: Shape) => flops(shape) <= flopLimit
  const first =
    model[0] ??
    firstOf(candidates.flatMap((group) => firstOf(group) ?? []).filter((shape) => flagsNeeded(shape).includes(flag)))
  return {
    required: required.filter(isAffordable).sort(byCost),
    beyond: beyond.filter(isAffordable).sort(byCost),
    skipped: [...required, ...beyond].filter((shape) => !isAffordable(shape)),
    closedBecause:
      required.length > 0 || !first
        ? null
        : `${formatShape(first)}: ${closedReason(kernel, opened, first) ?? 'too large for this device'}`,
  }
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

/** Of each group of equally good shapes the first that is open. */
function pickEach(groups: Iterable<Shape>[], isOpen: (shape: Shape) => boolean): Shape[] {
  return groups.flatMap((group) => {
    for (const shape of group) if (isOpen(shape)) return [shape]
    return []
  })
}

/** Extents that break assumptions: one, primes, around powers of two and the kernel's own tiles. */
function extents(query: ProofQuery): { m: number[]; n: number[]; k: number[] } {
  const { variant, flag } = query
  const units = tileUnits(query)
  const around = (values: number[]) => values.flatMap((unit) => [unit - 1, unit, unit + 1])
  const rows = [1, 2, 3, 7, 13, 16, ...around([32, ...units.m]), 37]
  const columns = variant.supports.supportedNValues ?? [
    1,
    2,
    7,
    13,
    16,
    17,
    51,
    ...around([32, 64, 128, ...units.n]),
    251,
  ]
  const depths = [1, 2, 3, 5, 7, 13, 16, 31, 33, 63, 64, 65, 67, 95, ...around([128, 256, ...units.k]), 509, 896]
  const distinct = (values: number[]) => [...new Set(values)].filter((value) => value >= 1)
  return {
    m: distinct(rows),
    n: distinct(columns),
    k: distinct(depths).filter((k) => flag !== 'smallK' || k < smallLimits.k),
  }
}

function tileUnits({ kernel, variant }: ProofQuery): { m: number[]; n: number[]; k: number[] } {
  const names = { ...kernel.launch.params, ...kernel.params, ...variant.params }
  const isTile = (value: number | undefined): value is number =>
    value !== undefined && Number.isInteger(value) && value > 1 && value <= 512
  const blocks = names.NBLK === undefined ? [] : [8 * names.NBLK]
  return {
    m: [variant.tileBM, names.BM, names.bm, names.rows, ...blocks].filter(isTile),
    n: [variant.tileBN, names.BN, names.bn, ...blocks].filter(isTile),
    k: [variant.tileBK, names.BK, names.bk].filter(isTile),
  }
}

/**
 * One group for each extent in turn, with the other two going round their lists: within a group the shapes test the
 * same extent, so that the first one a kernel is open for will do. Groups are made as they are read: they are large.
 */
function adversarialShapes(query: ProofQuery): Iterable<Shape>[] {
  const all = extents(query)
  const features = featuresOf(query)
  const groups = (['m', 'n', 'k'] as const).flatMap((axis) => all[axis].map((value) => ({ ...all, [axis]: [value] })))
  return groups.map((dims, i) => {
    const at = { feature: cycled(features, i), start: i, dtype: query.kernel.dtype }
    return { [Symbol.iterator]: () => combinations(dims, at) }
  })
}

function* combinations(
  dims: { m: number[]; n: number[]; k: number[] },
  at: { feature: Partial<Shape>; start: number; dtype: Shape['dtype'] },
): Iterator<Shape> {
  const template = shapeSchema.parse({ m: 1, n: 1, k: 1, ...at.feature, dtype: at.dtype })
  // Strides of 3 and 5 through the lists, so that the extents of neighbouring groups do not move together.
  for (let a = 0; a < dims.m.length; a++) {
    for (let b = 0; b < dims.n.length; b++) {
      for (let c = 0; c < dims.k.length; c++) {
        yield {
          ...template,
          m: cycled(dims.m, at.start + a),
          n: cycled(dims.n, at.start * 3 + b),
          k: cycled(dims.k, at.start * 5 + c),
        }
      }
    }
  }
}

function cycled<T>(list: T[], i: number): T {
  return list[i % list.length]!
}

/** What the shapes of a flag's proof have in common, in the ways in which it can be asked for. */
function featuresOf({ variant, flag, kernel }: ProofQuery): Partial<Shape>[] {
  const { supports } = variant
  const base = { tA: supports.expectedTransposeA ?? false, tB: supports.expectedTransposeB ?? false }
  const withLayouts = (feature: Partial<Shape>): Partial<Shape>[] => {
    const mayTransposeB = supports.transposeB && supports.expectedTransposeB === undefined
    return mayTransposeB
      ? [
          { ...base, ...feature },
          { ...base, tB: true, ...feature },
        ]
      : [{ ...base, ...feature }]
  }
  switch (flag) {
    case 'transposeA':
      return [{ ...base, tA: true }]
    case 'transposeB':
      return [{ ...base, tB: true }]
    case 'batch':
      return withLayouts({ batch: 2 }).concat(withLayouts({ batch: 5 }))
    case 'bias':
      return withLayouts({ bias: true })
    case 'accumulate': {
      const scaled = kernel.launch.supports.alpha ? [{ alpha: 2, beta: -1 }] : []
      return [{ accumulate: true, beta: 1 }, { beta: 0.5 }, ...scaled].flatMap(withLayouts)
    }
    case 'smallK':
    case 'smallMN':
      return withLayouts({})
  }
}
