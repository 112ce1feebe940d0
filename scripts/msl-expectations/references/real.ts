// Reals through JavaScript's doubles, rounded to the type once: exact for sums and products, and for quotients of
// numbers this short (a double has more than twice the digits of a float, so rounding twice cannot go wrong).
import { range } from '../lanes.ts'
import type { Launch } from '../launch.ts'
import { type Output, out } from '../output.ts'

/** Rounded to nearest even at 8 significant bits, with float's exponents. */
function bfloat(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value
  const step = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 7)
  const scaled = value / step
  const below = Math.floor(scaled)
  const rest = scaled - below
  const isUp = rest > 0.5 || (rest === 0.5 && below % 2 !== 0)
  const rounded = (isUp ? below + 1 : below) * step
  return Math.abs(rounded) > 3.3895313892515355e38 ? Math.sign(value) * Infinity : rounded
}

type Round = (value: number) => number

const arithmetic =
  (type: 'f16' | 'bf16', round: Round, last: (a: number, b: number) => number[]) => (launch: Launch) => {
    const all = launch.input(type === 'f16' ? 1 : 2).map(round)
    const count = all.length / 2
    const rows = range(count).map((i) => {
      const [a = 0, b = 0] = [all[i], all[count + i]]
      return [round(a + b), round(a - b), round(a * b), round(a / b), ...last(a, b)]
    })
    return out(
      0,
      type,
      range(6).flatMap((k) => rows.map((row) => row[k])),
    )
  }

const halves = arithmetic('f16', Math.f16round, (a, b) => [
  Math.f16round(Math.f16round(a + b) - b),
  Math.f16round(Math.f16round(a * b) * 0.5),
])
const bfloats = arithmetic('bf16', bfloat, (a, b) => [-a, bfloat(bfloat(a * b) + a)])

function bfloatAndFloat(launch: Launch): Output[] {
  const all = launch.input(2).map(bfloat)
  const wide = range(8).map((i) => Math.fround(Math.fround((all[i] ?? 0) * 1.5) + (all[8 + i] ?? 0)))
  return [bfloats(launch), out(1, 'f32', wide)]
}

const nearestEven = (v: number) => (Math.abs(v % 1) === 0.5 ? 2 * Math.round(v / 2) : Math.round(v))
const signed = (v: number, f: (magnitude: number) => number) => (v < 0 || Object.is(v, -0) ? -f(-v) : f(v))
const rounding =
  (type: 'f32' | 'f16', round: Round) =>
  (launch: Launch): Output[] => {
    const values = launch.input(1).map(round)
    const functions = [
      Math.floor,
      Math.ceil,
      Math.trunc,
      (v: number) => signed(v, nearestEven),
      (v: number) => signed(v, (m) => (m % 1 >= 0.5 ? Math.ceil(m) : Math.floor(m))),
    ]
    return [
      out(
        0,
        type,
        functions.flatMap((f) => values.map((v) => (Number.isFinite(v) ? f(v) : v))),
      ),
    ]
  }

export const references = {
  'types/integer_to_float': (launch: Launch) => {
    const values = launch.input(1)
    return [
      out(0, 'f32', [
        ...values.map(Math.fround),
        ...values.map((v) => Math.fround(v >>> 0)),
        ...values.map(Math.f16round),
        ...values.map((v) => Math.fround(v * 2 ** 20)),
      ]),
    ]
  },
  'types/half_rounding': (launch: Launch) => [
    out(
      0,
      'f16',
      launch.input(1).map((v) => Math.f16round(Math.fround(v))),
    ),
  ],
  'types/bfloat_rounding': (launch: Launch) => [
    out(
      0,
      'bf16',
      launch.input(1).map((v) => bfloat(Math.fround(v))),
    ),
  ],
  'types/half_arithmetic': (launch: Launch) => [halves(launch)],
  'types/bfloat_arithmetic': bfloatAndFloat,
  'math/rounding_float': rounding('f32', Math.fround),
  'math/rounding_half': rounding('f16', Math.f16round),
}
