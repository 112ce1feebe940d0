import { type Flag, provableFlags } from '#contract/manifest.ts'
import { type Shape, shapeSchema } from '#contract/shape.ts'
import { baseLayout, closest, companions, extents } from './adversarial-shapes.ts'
import type { ProofQuery } from './proof-shapes.ts'

/** Elements of one operand, a little more than an index that was computed in float tells apart. */
const elements = 1.06 * 2 ** 24
/** The extent that is chosen, the preferred first; the other one follows from it. None makes a sum too long to be exact. */
const chosen = { m: [4093, 4096, 8, 4, 2], n: [4093, 4096, 16, 4, 2] }
/** With several matrices, none of them needs to be large. */
const chosenOfMany = { m: [1021, 1024, 8, 4, 2], n: [1021, 1024, 16, 4, 2], matrices: 19 }
/** What the other extent is a multiple of. */
const units = [1, 512]

type Axis = 'm' | 'n' | 'k'
/** The axes of each operand: the chosen one, the one that follows, and the one that is not its. */
const axes = { A: ['m', 'k', 'n'], B: ['n', 'k', 'm'], C: ['n', 'm', 'k'] } as const satisfies Record<string, Axis[]>
type Operand = keyof typeof axes

/** An operand that is large, and how all lie. */
interface Large {
  operand: Operand
  layout: Partial<Shape>
}

/**
 * Groups of shapes, each with one operand so large that an index computed in float, or in 24 bits, is wrong: in every
 * layout that changes how it is read, and of many matrices that are so large together. The other extents are as small as
 * the kernel is open for, and the flag stands beside all others that are on, so that their proofs share the shapes. To be
 * run once: each costs about what filling 17 million numbers does.
 */
export function largeOperands(query: ProofQuery): Iterable<Shape>[] {
  const all = extents(query)
  return operandsOf(query).map((large) => ({ [Symbol.iterator]: () => shapesOf(query, all, large) }))
}

function operandsOf({ variant, flag }: ProofQuery): Large[] {
  const { supports } = variant
  const base = baseLayout(variant)
  const isFree = (other: 'transposeA' | 'transposeB') =>
    (supports[other] || flag === other) &&
    supports[other === 'transposeA' ? 'expectedTransposeA' : 'expectedTransposeB'] === undefined
  const [tA, tB] = [
    { ...base, tA: true },
    { ...base, tB: true },
  ]
  const a = { operand: 'A', layout: base } as const
  const b = { operand: 'B', layout: base } as const
  const c = {
    operand: 'C',
    layout: { ...base, ...(isFree('transposeA') ? tA : {}), ...(isFree('transposeB') ? { tB: true } : {}) },
  } as const
  switch (flag) {
    case 'transposeA':
      return [{ ...a, layout: tA }, c]
    case 'transposeB':
      return [{ ...b, layout: tB }, c]
    case 'smallK':
      return [c]
    case 'batch':
      return [a, b, c]
    default: {
      const free = [
        ...(isFree('transposeA') ? [{ ...a, layout: tA }] : []),
        ...(isFree('transposeB') ? [{ ...b, layout: tB }] : []),
      ]
      // Among small extents a large C is one of its own: asked for only where no other flag has one.
      const isAlone = provableFlags.every((other) => other === flag || !supports[other])
      return [a, b, ...free, ...(flag !== 'smallMN' || isAlone ? [c] : [])]
    }
  }
}

function* shapesOf(query: ProofQuery, all: Record<Axis, number[]>, large: Large): Iterator<Shape> {
  const { variant, flag, kernel } = query
  const matrices = flag === 'batch' ? chosenOfMany.matrices : 1
  const [first, second, third] = axes[large.operand]
  const preferred = (flag === 'batch' ? chosenOfMany : chosen)[first]
  const firsts = first === 'n' ? (variant.supports.supportedNValues ?? preferred) : preferred
  for (const feature of featuresOf(query)) {
    const template = shapeSchema.parse({ m: 1, n: 1, k: 1, ...large.layout, ...feature, dtype: kernel.dtype })
    for (const extent of firsts) {
      for (const unit of units) {
        const other = Math.ceil(elements / matrices / extent / unit) * unit
        for (const least of closest(all[third], 1)) {
          yield { ...template, batch: matrices, [first]: extent, [second]: other, [third]: least }
        }
      }
    }
  }
}

/** All that is on and changes no layout, or, for a kernel that does not take that, the flag alone. */
function featuresOf({ variant, flag }: ProofQuery): Partial<Shape>[] {
  const isWanted = (other: Flag) => other === flag || variant.supports[other]
  const own = flag === 'bias' || flag === 'accumulate' ? companions[flag] : {}
  const every = Object.assign(
    {},
    ...(['bias', 'accumulate'] as const).filter(isWanted).map((other) => companions[other]),
  ) as Partial<Shape>
  return [every, { ...own }]
}
