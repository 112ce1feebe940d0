import { type Flag, provableFlags } from '#contract/manifest.ts'
import { activations, type Shape, shapeSchema } from '#contract/shape.ts'
import { smallLimits } from '../catalog/filter.ts'
import { takesAlpha } from '../catalog/plan-launch.ts'
import type { ManifestVariant } from '../catalog/types.ts'
import type { ProofQuery } from './proof-shapes.ts'
import { tileUnits } from './work.ts'

/** Larger than any tile or split that a kernel may assume, and prime. */
const largePrime = 4099
/** Extents that are only asked for beside small others: one a little beyond a power of two, one far beyond any unrolling. */
const far = { m: [257, largePrime], k: [8209, 32771], batch: [17, 257] } as const
/** More rows, or matrices, than 16 bits can count. */
const vast = 65537
/** For which a kernel may have a way of its own, though N and K are small. */
const even = 64
/** What the others then are close to: the cost stays near a million operations. */
const besideFar = { m: 2, n: 7, k: 13 } as const
/** Neither small integers nor all exact. */
const alphas = [2, 0.125, -1.7] as const
/** Sums of a few terms lie where these bend, those of thousands where they are flat or straight. */
const bendings = activations.filter((act) => act !== 'none')
/** Every so many groups are also asked in each combination of features. */
const combinationStride = 4

/** Extents that break assumptions: one, primes, around powers of two and the kernel's own tiles, large ones. */
export function extents(query: ProofQuery): { m: number[]; n: number[]; k: number[] } {
  const { variant, flag, listed } = query
  const units = tileUnits(query.kernel)
  const around = (values: number[]) => values.flatMap((unit) => [unit - 1, unit, unit + 1])
  const largest = (axis: 'n' | 'k') => listed.reduce((most, { shape }) => Math.max(most, shape[axis]), largePrime)
  const rows = [1, 2, 3, 7, 13, 16, 17, ...around([32, ...units.m]), 37]
  const columns = [1, 2, 7, 13, 16, 17, 51, ...around([32, 64, 128, ...units.n]), 251, largePrime, largest('n')]
  const depths = [1, 2, 3, 5, 7, 13, 16, 31, 33, 63, 64, 65, 67, 95, ...around([128, 256, ...units.k]), 509, 896]
  const distinct = (values: number[]) => [...new Set(values)].filter((value) => value >= 1)
  return {
    m: distinct(rows),
    n: distinct(variant.supports.supportedNValues ?? columns),
    k: distinct([...depths, largePrime, largest('k')]).filter((k) => flag !== 'smallK' || k < smallLimits.k),
  }
}

/**
 * One group for each extent in turn, with the other two going round their lists: within a group the shapes test the
 * same extent, so that the first one a kernel is open for will do. Some extents once more for each combination of the
 * flag with what else is on: a flag must not hold only while the others are not asked for.
 */
export function adversarialShapes(query: ProofQuery): Iterable<Shape>[] {
  const all = extents(query)
  const dims = (['m', 'n', 'k'] as const).flatMap((axis) => all[axis].map((value) => ({ ...all, [axis]: [value] })))
  const features = featuresOf(query)
  const group = (i: number, feature: Partial<Shape>): Iterable<Shape> => {
    const at = { feature, start: i, dtype: query.kernel.dtype }
    return { [Symbol.iterator]: () => combinations(dims[i]!, at) }
  }
  const alone = dims.map((_, i) => group(i, cycled(features, i)))
  const combined = combinationsOf(query, features).flatMap((feature, j) =>
    dims.flatMap((_, i) =>
      i % combinationStride === j % combinationStride
        ? [group(i, turned(query, feature, Math.floor(i / combinationStride)))]
        : [],
    ),
  )
  return [...alone, ...combined, ...farShapes(query, { all, features })]
}

/** A combination with the next of the alphas, where it has one, and of the activations, where they are what is proven. */
const turned = ({ flag }: ProofQuery, feature: Partial<Shape>, i: number): Partial<Shape> => ({
  ...feature,
  ...(feature.alpha === undefined ? {} : { alpha: cycled([...alphas], i) }),
  ...(flag === 'activation' ? { act: cycled(bendings, i) } : {}),
})

/**
 * A group for each extent that is far beyond the others, with the closest to small ones that is open; and one of extents
 * that vectors and small tiles divide.
 */
function farShapes(
  { flag, kernel }: ProofQuery,
  { all, features }: { all: { m: number[]; n: number[]; k: number[] }; features: Partial<Shape>[] },
): Iterable<Shape>[] {
  const small = {
    m: closest(all.m, besideFar.m),
    n: closest(all.n, besideFar.n),
    k: closest(all.k, besideFar.k),
  }
  const few = flag === 'batch' ? { batch: 2 } : {}
  const dims = [
    ...far.m.map((m) => ({ dims: { ...small, m: [m] }, more: few })),
    ...(flag === 'smallK' ? [] : far.k.map((k) => ({ dims: { ...small, k: [k] }, more: few }))),
    ...(flag === 'batch' ? far.batch.map((batch) => ({ dims: small, more: { batch } })) : []),
    { dims: { ...small, n: closest(all.n, even), k: closest(all.k, flag === 'smallK' ? even / 2 : even) }, more: few },
  ]
  return dims.map(({ dims: own, more }, i) => {
    const at = { feature: { ...cycled(features, i), ...more }, start: 0, dtype: kernel.dtype }
    return { [Symbol.iterator]: () => combinations(own, at) }
  })
}

/** As farShapes, of rows and of matrices that 16 bits cannot count: to be run once. */
export function vastShapes(query: ProofQuery): Iterable<Shape>[] {
  const all = extents(query)
  const [feature] = featuresOf(query)
  const least = { m: closest(all.m, 1), n: closest(all.n, 1), k: closest(all.k, 1) }
  const at = (more: Partial<Shape>) => ({ feature: { ...feature, ...more }, start: 0, dtype: query.kernel.dtype })
  const rows: Iterable<Shape> = { [Symbol.iterator]: () => combinations({ ...least, m: [vast] }, at({})) }
  const matrices: Iterable<Shape> = { [Symbol.iterator]: () => combinations(least, at({ batch: vast })) }
  return query.flag === 'batch' ? [rows, matrices] : [rows]
}

/** The values of a list, the closest first: 4 is as far from 2 as 1 is. */
export const closest = (values: readonly number[], to: number): number[] =>
  [...values].sort((a, b) => Math.abs(Math.log(a / to)) - Math.abs(Math.log(b / to)))

/** The shapes of one group. They are made as they are read: there are many. */
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

/** Layouts that are expected whatever is tested. */
export function baseLayout({ supports }: ManifestVariant): Partial<Shape> {
  return { tA: supports.expectedTransposeA ?? false, tB: supports.expectedTransposeB ?? false }
}

function mayScale({ kernel }: ProofQuery): boolean {
  return Object.values(kernel.launches).some(({ launch }) => takesAlpha(launch))
}

/** What the shapes of a flag's proof have in common, in the ways in which it can be asked for. */
function featuresOf(query: ProofQuery): Partial<Shape>[] {
  const { variant, flag } = query
  const { supports } = variant
  const base = baseLayout(variant)
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
      const betas = [-1, 0.3, 0.3]
      const scaled = mayScale(query) ? alphas.map((alpha, i) => ({ alpha, beta: cycled(betas, i) })) : []
      return [{ accumulate: true, beta: 1 }, { beta: 0.5 }, { beta: 0.3 }, ...scaled].flatMap(withLayouts)
    }
    case 'activation':
      return bendings.flatMap((act) => withLayouts({ act }))
    case 'smallK':
    case 'smallMN':
      return withLayouts({})
  }
}

/** What a shape has of a flag that is asked for beside another. */
export const companions: Partial<Record<Flag, Partial<Shape>>> = {
  transposeA: { tA: true },
  transposeB: { tB: true },
  batch: { batch: 3 },
  bias: { bias: true },
  accumulate: { beta: 0.5 },
  // The one that keeps integers: the exact gate is then still asked.
  activation: { act: 'relu' },
}

/** The flag beside each of the others that are on, beside all of them, and scaled by an alpha where there is one. */
function combinationsOf(query: ProofQuery, features: Partial<Shape>[]): Partial<Shape>[] {
  const { variant, flag } = query
  const { supports } = variant
  const isFixed = (other: Flag) =>
    (other === 'transposeA' && supports.expectedTransposeA !== undefined) ||
    (other === 'transposeB' && supports.expectedTransposeB !== undefined)
  const others = provableFlags.flatMap((other) => {
    const companion = companions[other]
    return companion && other !== flag && supports[other] && !isFixed(other) ? [companion] : []
  })
  const own = { ...features[0] }
  const every = Object.assign({ ...own }, ...others) as Partial<Shape>
  return [
    ...others.map((other) => ({ ...own, ...other })),
    ...(others.length > 1 ? [every] : []),
    ...(mayScale(query) ? [{ ...every, alpha: 2 }] : []),
  ]
}
