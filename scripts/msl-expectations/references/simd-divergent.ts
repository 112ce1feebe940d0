// Operations in divergent code: the lanes that take a path are picked by its condition, the rest is arithmetic.
import { range } from '../lanes.ts'
import type { Launch } from '../launch.ts'
import { type Output, out } from '../output.ts'

const lanes = range(32)
const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)
const mask = (active: number[]) => active.reduce((bits, lane) => bits + 2 ** lane, 0)
const u32 = (values: number[]): Output[] => [out(0, 'u32', values)]

function branches(launch: Launch): Output[] {
  const threads = range(launch.gridThreads[0])
  const group = (i: number) => threads.filter((j) => Math.floor(j / 32) === Math.floor(i / 32))
  const inside = threads.map((i) => {
    const isThird = (j: number) => (j % 32) % 3 === 0
    const total = sum(
      group(i)
        .filter((j) => isThird(j) === isThird(i))
        .map((j) => j % 32),
    )
    return isThird(i) ? total : -total
  })
  return [out(0, 'i32', [...inside, ...threads.map((i) => group(i).length)])]
}

function nested(): Output[] {
  const outer = lanes.filter((i) => i < 20)
  const odd = outer.filter((i) => i % 2)
  const large = odd.filter((i) => i > 10)
  const fourth = outer.filter((i) => i % 4 === 0)
  const has = (list: number[], i: number) => list.includes(i)
  return u32(
    lanes.map((i) => {
      if (!has(outer, i)) return 0
      const inner = has(odd, i)
        ? 100 * odd.length + (has(large, i) ? 10000 * large.length : 0)
        : has(fourth, i)
          ? 100 * fourth.length
          : 0
      return outer.length + inner + 1000000 * outer.length
    }),
  )
}

function loop(): Output[] {
  const sums = lanes.map((i) => sum(range(i % 7).map((round) => sum(lanes.filter((j) => round < j % 7)))))
  return u32([...sums, ...lanes.map(() => Math.max(...sums))])
}

function cases(): Output[] {
  return u32(
    lanes.map((i) => {
      const same = lanes.filter((j) => j % 4 === i % 4)
      return [sum(same), 1000 + Math.max(...same), 2000 + Math.min(...same), 3000 + same.length][i % 4] ?? 0
    }),
  )
}

function returns(): Output[] {
  const left = lanes.filter((i) => i % 5 !== 2)
  const last = left.filter((i) => i <= 25)
  return u32([
    ...lanes.map(() => 32),
    ...lanes.map((i) => (left.includes(i) ? sum(left) : 0)),
    ...lanes.map((i) => (last.includes(i) ? mask(last) : 0)),
  ])
}

function votes(): Output[] {
  const active = lanes.filter((i) => i % 4 !== 1 && i > 3)
  const first = active[0] ?? 0
  const bits = (active.includes(31) ? 1 : 0) + 2 + (active.includes(5) ? 4 : 0)
  const rows = [
    () => mask(active.filter((i) => i % 2 === 0)),
    (i: number) => (i === first ? 1 : 2),
    () => first * 10,
    () => mask(active),
    () => bits,
  ]
  return u32(rows.flatMap((row) => lanes.map((i) => (active.includes(i) ? row(i) : 0))))
}

function prefixes(): Output[] {
  const some = lanes.filter((i) => i % 3 !== 1)
  const others = lanes.filter((i) => i % 3 === 1)
  return u32([
    ...lanes.map((i) => (some.includes(i) ? sum(some.filter((j) => j <= i)) : 1000 + sum(others.filter((j) => j < i)))),
    ...lanes.map((i) => (some.includes(i) ? some.filter((j) => j < i).length : 0)),
  ])
}

type Lanes = { round: number; active: number[]; sums: number[] }

// Rounds in lockstep: `step` gets the lanes that are still in the loop and says which of them stay.
function inRounds(step: (state: Lanes) => number[]): number[] {
  const sums = lanes.map(() => 0)
  for (let round = 0, active = lanes; active.length > 0; round++) active = step({ round, active, sums })
  return sums
}

const u32Of = (value: number) => value % 2 ** 32

function add(sums: number[], to: number[], value: (lane: number) => number) {
  for (const lane of to) sums[lane] = u32Of((sums[lane] ?? 0) + value(lane))
}

const left = () =>
  inRounds(({ round: r, active, sums }) => {
    const stay = active.filter((i) => i !== r * 3)
    const even = stay.filter((i) => (i + r) % 2 === 0)
    add(sums, even, () => even.length * 2 ** (r * 4))
    return r < 7 ? stay : []
  })

const atBothEnds = () =>
  inRounds(({ round: r, active, sums }) => {
    const inside = active.filter((i) => r < 4 + (i % 2))
    const third = inside.filter((i) => (i + r) % 3 === 0)
    add(sums, inside, () => inside.length)
    add(sums, third, () => 100 * third.length)
    return inside
  })

function nestedRounds(): number[] {
  const sums = lanes.map(() => 0)
  for (const r of range(3)) {
    for (const k of range(3)) {
      const some = lanes.filter((i) => k < (i + r) % 4 && (i + k) % 3 !== 0)
      add(sums, some, () => some.length * (r * 10 + k + 1))
    }
  }
  return sums
}

const conditionLast = () =>
  inRounds(({ round: r, active, sums }) => {
    const some = active.filter((i) => i % 2 === r % 2)
    for (const i of some) sums[i] = (sums[i] ?? 0) * 3 + sum(some)
    return active.filter((i) => r + 1 < 3 + (i % 3))
  })

const byCases = () =>
  inRounds(({ round: r, active, sums }) => {
    const inCase = (which: number) => active.filter((i) => (i + r) % 4 === which)
    const quads = (i: number) => inCase(2).filter((j) => Math.floor(j / 4) === Math.floor(i / 4)).length
    add(sums, inCase(1), () => inCase(1).length * 2 ** r)
    add(sums, inCase(2), (i) => quads(i) * 256)
    add(sums, inCase(3), () => 10000)
    const rest = active.filter((i) => (i + r) % 4 !== 0)
    add(sums, rest, () => rest.length * 65536)
    return r < 4 ? active : []
  })

const shortened = () =>
  inRounds(({ round: r, active, sums }) => {
    const some = active.filter((i) => (i + r) % 5 < 2)
    if (some.length > 6 + (r % 3)) add(sums, some, () => 2 ** r)
    return r < 5 ? active : []
  })

const gone = () =>
  inRounds(({ round: r, active, sums }) => {
    if (r === 6) {
      add(sums, active, () => 1)
      return []
    }
    const stay = active.filter((i) => i % 7 !== r)
    const even = stay.filter((i) => (i + r) % 2 === 0)
    add(sums, even, () => sum(even) * (r + 1))
    return stay
  })

const unlessThird = () =>
  inRounds(({ round: r, active, sums }) => {
    const some = active.filter((i) => (i + r) % 3 !== 0)
    for (const i of active) sums[i] = (sums[i] ?? 0) * 5 + (some.includes(i) ? some.length : 0)
    return r < 3 ? active : []
  })

const calledBack = () =>
  inRounds(({ round: r, active, sums }) => {
    const some = active.filter((i) => (i + r) % 2 === 0)
    for (const i of some) sums[i] = (sums[i] ?? 0) * 7 + some.length
    return r < 4 ? active : []
  })

const quadSums = (launch: Launch): Output[] => {
  const threads = range(launch.gridThreads[0])
  const active = threads.filter((i) => i % 4 !== 0 && i !== 6)
  const group = (i: number) => active.filter((j) => Math.floor(j / 4) === Math.floor(i / 4))
  const row = (f: (i: number, all: number[]) => number) => threads.map((i) => (active.includes(i) ? f(i, group(i)) : 0))
  return u32([
    ...row((_, all) => sum(all)),
    ...row((i, all) => (i === all[0] ? 1 : 2)),
    ...row((_, all) => all[0] ?? 0),
  ])
}

export const references = {
  'simd/divergent_if': branches,
  'simd/divergent_nested': nested,
  'simd/divergent_loop': loop,
  'simd/divergent_switch': cases,
  'simd/divergent_return': returns,
  'simd/divergent_votes': votes,
  'simd/divergent_prefix': prefixes,
  'simd/divergent_shuffle': () => u32(lanes.map((i) => 3 * (i < 16 ? i ^ 5 : 47 - i))),
  'simd/divergent_rounds': () =>
    u32(
      [left, atBothEnds, nestedRounds, conditionLast, byCases, shortened, gone, unlessThird, calledBack].flatMap(
        (row) => row(),
      ),
    ),
  'simd/divergent_helper': () =>
    u32(lanes.map((i) => sum(lanes.filter((j) => (j & 4) === (i & 4)).map((j) => (i & 4 ? j : 100 + j))))),
  'simd/uniform_loop_reduction': (launch: Launch) => {
    const [columns = 0] = launch.input(2)
    const values = launch.input(1)
    return [
      out(
        0,
        'f32',
        range(3).map((row) => sum(values.slice(row * columns, (row + 1) * columns))),
      ),
    ]
  },
  'simd/tree_reduction': (launch: Launch) => [
    out(
      0,
      'f32',
      range(3).map((group) => sum(launch.input(1).slice(32 * group, 32 * group + 32))),
    ),
  ],
  'quad/divergent': quadSums,
}
