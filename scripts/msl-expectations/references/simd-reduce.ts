// Reductions and prefixes over simdgroups: folds over the values of the lanes that take part.
import { companions, isInteger, operations, range } from '../lanes.ts'
import type { Launch, Scalar } from '../launch.ts'
import { type Output, out } from '../output.ts'

const scalarOf: Record<string, Scalar> = {
  int: 'i32',
  uint: 'u32',
  short: 'i16',
  ushort: 'u16',
  char: 'i8',
  uchar: 'u8',
  float: 'f32',
  half: 'f16',
  bfloat: 'bf16',
}

/** Element type and number of components of an MSL type. */
function shape(name: string): [Scalar, number] {
  const [, base = '', count] = /^([a-z]+)(\d?)$/.exec(name) ?? []
  return [scalarOf[base] ?? 'u32', Number(count) || 1]
}

type Lanes = (i: number, all: number[]) => number[]

interface Kernel {
  launch: Launch
  /** its type */
  name: string
}

/** For every thread and component: `operation` over the values of those whom `lanes` picks. */
function each({ launch, name }: Kernel, operation: keyof typeof operations, lanes: Lanes): number[] {
  const [type, components] = shape(name)
  const isFactor = operation === 'product' && !isInteger(type)
  const values = launch.input(isFactor ? 2 : 1)
  const count = launch.gridThreads[0]
  return range(count).flatMap((i) =>
    range(components).map((c) =>
      operations[operation](
        type,
        lanes(i, companions(i, count)).map((j) => values[j * components + c] ?? 0),
      ),
    ),
  )
}

const everyone: Lanes = (_, all) => all
const upTo: Lanes = (i, all) => all.filter((j) => j <= i)
const below: Lanes = (i, all) => all.filter((j) => j < i)

const reduce =
  (name: string) =>
  (launch: Launch): Output[] => {
    const [type] = shape(name)
    const names = isInteger(type)
      ? (['sum', 'product', 'min', 'max', 'and', 'or', 'xor'] as const)
      : (['sum', 'product', 'min', 'max'] as const)
    return [
      out(
        0,
        type,
        names.flatMap((operation) => each({ launch, name }, operation, everyone)),
      ),
    ]
  }

const prefix =
  (name: string) =>
  (launch: Launch): Output[] => [
    out(0, shape(name)[0], [
      ...each({ launch, name }, 'sum', upTo),
      ...each({ launch, name }, 'sum', below),
      ...each({ launch, name }, 'product', upTo),
      ...each({ launch, name }, 'product', below),
    ]),
  ]

const named = (kind: string, make: (name: string) => (launch: Launch) => Output[], names: string) =>
  names.split(' ').map((name) => [`simd/${kind}_${name}`, make(name)] as const)

export const references = Object.fromEntries([
  ...named(
    'reduce',
    reduce,
    'int uint short ushort char uchar int2 uint4 short3 float half bfloat float2 float3 float4 half2 half4',
  ),
  ...named('prefix', prefix, 'int uint short uchar float half bfloat float2 int4'),
])
