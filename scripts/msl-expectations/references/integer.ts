// Integer functions on whole numbers of any size, cut to the type at the end.
import type { Launch, Scalar } from '../launch.ts'
import { type Output, out } from '../output.ts'

interface Type {
  scalar: Scalar
  bits: number
  isSigned: boolean
}

/** On numbers as the type holds them; the result is wrapped to the type. */
type Function3 = (type: Type, operands: [bigint, bigint, bigint]) => bigint

const unsigned = ({ bits }: Type, v: bigint) => BigInt.asUintN(bits, v)
const wrap = (type: Type, v: bigint) => (type.isSigned ? BigInt.asIntN(type.bits, v) : unsigned(type, v))
const highest = ({ bits, isSigned }: Type) => (1n << BigInt(isSigned ? bits - 1 : bits)) - 1n
const lowest = (type: Type) => (type.isSigned ? -highest(type) - 1n : 0n)
const sorted = (all: bigint[]) => [...all].sort((x, y) => (x < y ? -1 : 1))
const least = (...all: bigint[]) => sorted(all)[0] ?? 0n
const most = (...all: bigint[]) => sorted(all).at(-1) ?? 0n
const saturate = (type: Type, v: bigint) => most(lowest(type), least(highest(type), v))
const absolute = (v: bigint) => (v < 0n ? -v : v)

/** The bits, most significant first. */
const digits = (type: Type, v: bigint) => unsigned(type, v).toString(2).padStart(type.bits, '0')
const leadingZeros = (text: string) => BigInt(/^0*/.exec(text)?.[0].length ?? 0)
const reversed = (text: string) => [...text].reverse().join('')

function field(type: Type, v: bigint, [offset, bits]: [number, number]): bigint {
  const value = (unsigned(type, v) >> BigInt(offset)) & ((1n << BigInt(bits)) - 1n)
  return type.isSigned ? BigInt.asIntN(bits, value) : value
}

const isUndefined = (type: Type, b: bigint) => b === 0n || (type.isSigned && b === -1n)

const groups: Record<string, Function3[]> = {
  bits: [
    (type, [a]) => leadingZeros(digits(type, a)),
    (type, [a]) => leadingZeros(reversed(digits(type, a))),
    (type, [a]) => BigInt(digits(type, a).replaceAll('0', '').length),
    (type, [a]) => BigInt(`0b${reversed(digits(type, a))}`),
  ],
  saturating: [
    (type, [a, b]) => saturate(type, a + b),
    (type, [a, b]) => saturate(type, a - b),
    (_, [a, b]) => absolute(a - b),
    (_, [a, b]) => (a + b) >> 1n,
    (_, [a, b]) => (a + b + 1n) >> 1n,
  ],
  multiply: [
    (type, [a, b]) => (a * b) >> BigInt(type.bits),
    (type, [a, b, c]) => ((a * b) >> BigInt(type.bits)) + c,
    (type, [a, b, c]) => saturate(type, a * b + c),
  ],
  fields: [
    (type, [a, b]) => {
      const by = unsigned(type, b) % BigInt(type.bits)
      const text = digits(type, a)
      return BigInt(`0b${text.slice(Number(by))}${text.slice(0, Number(by))}`)
    },
    (type, [a]) => field(type, a, [3, 4]),
    (_, [a, b]) => (a & ~(31n << 2n)) | ((b & 31n) << 2n),
    (_, [a]) => a,
    () => 0n,
  ],
  extremes: [
    (_, [a, b]) => least(a, b),
    (_, [a, b]) => most(a, b),
    (_, all) => least(...all),
    (_, all) => most(...all),
    (_, all) => sorted(all)[1] ?? 0n,
    (_, [a, b, c]) => most(least(b, c), least(most(b, c), a)),
  ],
  arithmetic: [
    (_, [a, b]) => a + b,
    (_, [a, b]) => a - b,
    (_, [a, b]) => a * b,
    (type, [a, b]) => (isUndefined(type, b) ? 0n : a / b),
    (type, [a, b]) => (isUndefined(type, b) ? 0n : a % b),
    (_, [a, , c]) => a >> (c & 7n),
    (_, [a, , c]) => a << (c & 7n),
    (_, [a, b, c]) => (~a ^ (b & c)) | (b >> 1n),
    (_, [a, b]) => (a < b ? 1n : 0n) + (a === b ? 2n : 0n),
  ],
}

const types: Record<string, Type> = {
  int: { scalar: 'i32', bits: 32, isSigned: true },
  uint: { scalar: 'u32', bits: 32, isSigned: false },
  short: { scalar: 'i16', bits: 16, isSigned: true },
  uchar: { scalar: 'u8', bits: 8, isSigned: false },
  long: { scalar: 'i64', bits: 64, isSigned: true },
  ulong: { scalar: 'u64', bits: 64, isSigned: false },
}

const rows =
  (type: Type, functions: Function3[]) =>
  (launch: Launch): Output[] => {
    const [a, b, c] = [launch.input64(1), launch.input64(2), launch.input64(3)]
    const row = (f: Function3) => a.map((x, i) => wrap(type, f(type, [x, b[i] ?? 0n, c[i] ?? 0n])))
    return [out(0, type.scalar, functions.flatMap(row))]
  }

export const references = Object.fromEntries(
  Object.entries(types).flatMap(([name, type]) =>
    Object.entries(groups).map(([group, functions]) => [`integer/${group}_${name}`, rows(type, functions)] as const),
  ),
)
