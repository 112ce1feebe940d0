// Shuffles, fills and votes: each lane looks up the value of the lane it reads.
import { companions, range } from '../lanes.ts'
import type { Launch, Scalar } from '../launch.ts'
import { type Output, out } from '../output.ts'

const block = (i: number, size: number) => i - (i % size)

/** The lane that thread i reads, by the order of the kernel's rows. */
const sources: ((i: number) => number)[] = [
  (i) => block(i, 32) + ((i * 5 + 3) % 32),
  (i) => i ^ 13,
  (i) => (i % 32 < 3 ? i : i - 3),
  (i) => ((i % 32) + 5 > 31 ? i : i + 5),
  (i) => block(i, 32) + ((i - 7 + 32) % 32),
  (i) => block(i, 32) + ((i + 9) % 32),
  (i) => block(i, 32) + 17,
  (i) => block(i, 32),
]

const shuffles =
  (type: Scalar, components: number) =>
  (launch: Launch): Output[] => {
    const values = launch.input(1)
    const threads = range(launch.gridThreads[0])
    return [
      out(
        0,
        type,
        sources.flatMap((source) =>
          threads.flatMap((i) => range(components).map((c) => values[source(i) * components + c])),
        ),
      ),
    ]
  }

type Fill = [direction: 'up' | 'down', delta: number, modulo: number]

/** Which lane, and whether its filling value instead of its value. */
function filled([direction, delta, modulo]: Fill, i: number): { lane: number; isFilling: boolean } {
  const inBlock = (i % modulo) + (direction === 'up' ? -delta : delta)
  const isFilling = inBlock < 0 || inBlock >= modulo
  return { lane: block(i, modulo) + ((inBlock + modulo) % modulo), isFilling }
}

const fills =
  (list: Fill[]) =>
  (launch: Launch): Output[] => [
    out(
      0,
      'i32',
      list.flatMap((fill) =>
        range(launch.gridThreads[0]).map((i) => {
          const { lane, isFilling } = filled(fill, i)
          return isFilling ? 100 + lane : lane
        }),
      ),
    ),
  ]

function varying(launch: Launch): Output[] {
  const lanes = launch.input(1)
  let sums = range(32).map(() => 0)
  for (let delta = 16; delta > 0; delta >>= 1) sums = sums.map((sum, i) => sum + (i ^ delta) + (sums[i ^ delta] ?? 0))
  return [out(0, 'u32', [...lanes.map((lane) => lane * lane), ...sums])]
}

const mask = (lanes: number[]) => lanes.reduce((bits, lane) => bits | (1n << BigInt(lane % 32)), 0n)

function ballots(launch: Launch): Output[] {
  const values = launch.input(1)
  const threads = range(values.length)
  const of = (keep: (j: number) => boolean) => threads.map((i) => mask(companions(i, values.length).filter(keep)))
  return [out(0, 'u64', [...of((j) => (values[j] ?? 0) > 2), ...of(() => true)])]
}

function anyAll(launch: Launch): Output[] {
  const values = launch.input(1)
  const threads = range(values.length)
  const of = (f: (all: boolean[]) => boolean) =>
    threads.map((i) => f(companions(i, values.length).map((j) => values[j] !== 0)))
  const isAny = of((all) => all.some(Boolean))
  const isAll = of((all) => all.every(Boolean))
  return [out(0, 'u32', [...isAny, ...isAll, ...isAny, ...isAll.map((all) => !all)])]
}

const fillHalf2 = (launch: Launch): Output[] => [
  out(
    0,
    'f16',
    (['up', 'down'] as const).flatMap((direction) =>
      range(launch.gridThreads[0]).flatMap((i) => {
        const { lane, isFilling } = filled([direction, 2, 32], i)
        return isFilling ? [-lane, 64] : [lane, lane + 0.5]
      }),
    ),
  ),
]

export const references = {
  'simd/shuffle_int': shuffles('i32', 1),
  'simd/shuffle_uchar': shuffles('u8', 1),
  'simd/shuffle_float': shuffles('f32', 1),
  'simd/shuffle_half': shuffles('f16', 1),
  'simd/shuffle_bfloat': shuffles('bf16', 1),
  'simd/shuffle_ushort2': shuffles('u16', 2),
  'simd/shuffle_float4': shuffles('f32', 4),
  'simd/shuffle_and_fill': fills([
    ['up', 3, 32],
    ['down', 5, 32],
    ['up', 1, 8],
    ['down', 3, 16],
    ['up', 0, 32],
    ['down', 7, 8],
  ]),
  'simd/shuffle_and_fill_half2': fillHalf2,
  'simd/shuffle_varying_delta': varying,
  'simd/ballot': ballots,
  'simd/any_all': anyAll,
  'quad/shuffle_and_fill': fills([
    ['up', 1, 4],
    ['down', 3, 4],
    ['up', 1, 2],
  ]),
}
