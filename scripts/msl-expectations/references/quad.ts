// Operations over groups of four lanes.
import { companions, operations, range } from '../lanes.ts'
import type { Launch } from '../launch.ts'
import { type Output, out } from '../output.ts'

type Name = keyof typeof operations

const reduce =
  (names: Name[], type: 'i32' | 'f16', components: number) =>
  (launch: Launch): Output[] => {
    const values = launch.input(1)
    const count = launch.gridThreads[0]
    const row = (name: Name) =>
      range(count).flatMap((i) =>
        range(components).map((c) =>
          operations[name](
            type,
            companions(i, count, 4).map((j) => values[j * components + c] ?? 0),
          ),
        ),
      )
    return [out(0, type, names.flatMap(row))]
  }

function prefix(launch: Launch): Output[] {
  const values = launch.input(1)
  const row = (name: Name, isInclusive: boolean) =>
    values.map((_, i) =>
      operations[name](
        'i32',
        companions(i, values.length, 4)
          .filter((j) => j < i || (isInclusive && j === i))
          .map((j) => values[j] ?? 0),
      ),
    )
  return [out(0, 'i32', [...row('sum', true), ...row('sum', false), ...row('product', true), ...row('product', false)])]
}

function shuffle(launch: Launch): Output[] {
  const base = (i: number) => i - (i % 4)
  const rows: ((i: number) => number)[] = [
    (i) => base(i) + 3 - (i % 4),
    (i) => i ^ 2,
    (i) => (i % 4 < 1 ? i : i - 1),
    (i) => (i % 4 > 1 ? i : i + 2),
    (i) => base(i) + ((i + 3) % 4),
    (i) => base(i) + ((i + 1) % 4),
    (i) => base(i) + 2,
    base,
  ]
  return [
    out(
      0,
      'u32',
      rows.flatMap((row) => range(launch.gridThreads[0]).map((i) => 10 * row(i))),
    ),
  ]
}

function votes(launch: Launch): Output[] {
  const count = launch.gridThreads[0]
  const threads = range(count)
  const bits = (i: number, keep: (j: number) => boolean) =>
    companions(i, count, 4).reduce((all, j) => all + (keep(j) ? 2 ** (j % 4) : 0), 0)
  const flags = (i: number) => {
    const all = companions(i, count, 4)
    return (all.some((j) => j % 5 === 0) ? 1 : 0) + (all.every((j) => j < 7) ? 2 : 0) + (i % 4 === 0 ? 4 : 0)
  }
  return [
    out(0, 'u32', [
      ...threads.map((i) => bits(i, (j) => j % 3 === 0)),
      ...threads.map((i) => bits(i, () => true)),
      ...threads.map(flags),
    ]),
  ]
}

export const references = {
  'quad/reduce': reduce(['sum', 'product', 'min', 'max', 'and', 'or', 'xor'], 'i32', 1),
  'quad/reduce_half4': reduce(['sum', 'min', 'max'], 'f16', 4),
  'quad/prefix': prefix,
  'quad/shuffle': shuffle,
  'quad/votes': votes,
}
