// What the references of operations between lanes share: who takes part, and arithmetic that wraps as the type does.

export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

/** The lanes around lane i in groups of `width` threads, of a threadgroup of `count` that starts at thread 0. */
export const companions = (i: number, count: number, width = 32): number[] =>
  range(count).filter((other) => Math.floor(other / width) === Math.floor(i / width))

const integerTypes: Record<string, [bits: number, isSigned: boolean]> = {
  i8: [8, true],
  u8: [8, false],
  i16: [16, true],
  u16: [16, false],
  i32: [32, true],
  u32: [32, false],
}

/** An integer of any size as the type holds it. */
export function wrap(type: string, value: bigint): number {
  const [bits, isSigned] = integerTypes[type] ?? [32, false]
  return Number(isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value))
}

export const isInteger = (type: string): boolean => type in integerTypes

type Operation = (type: string, values: number[]) => number
const fold =
  (step: (a: bigint, b: bigint) => bigint, start: bigint): Operation =>
  (type, values) =>
    wrap(
      type,
      values.reduce((a, b) => step(a, BigInt(b)), start),
    )

/** Reductions; those of reals are exact because the inputs are small whole numbers and powers of two. */
export const operations: Record<'sum' | 'product' | 'min' | 'max' | 'and' | 'or' | 'xor', Operation> = {
  sum: (type, values) =>
    isInteger(type) ? fold((a, b) => a + b, 0n)(type, values) : values.reduce((a, b) => a + b, 0),
  product: (type, values) =>
    isInteger(type) ? fold((a, b) => a * b, 1n)(type, values) : values.reduce((a, b) => a * b, 1),
  min: (_, values) => Math.min(...values),
  max: (_, values) => Math.max(...values),
  and: fold((a, b) => a & b, -1n),
  or: fold((a, b) => a | b, 0n),
  xor: fold((a, b) => a ^ b, 0n),
}
