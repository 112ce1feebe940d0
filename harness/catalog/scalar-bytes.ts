import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import type { ScalarType } from '#contract/launch.ts'
import type { Dtype } from '#contract/shape.ts'

/** Size of a scalar in bytes, which is also its alignment. */
export const scalarBytes: Record<ScalarType, number> = {
  bool: 1,
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  i64: 8,
  u64: 8,
  f16: 2,
  bf16: 2,
  f32: 4,
}

/** Bytes of one element of an operand. */
export function elementBytes(dtype: Dtype): number {
  return scalarBytes[dtype]
}

const scratch = new DataView(new ArrayBuffer(4))

/** bfloat16 bits of a number, rounded to nearest even. */
function bfloat16Bits(value: number): number {
  scratch.setFloat32(0, value)
  const bits = scratch.getUint32(0)
  if (Number.isNaN(value)) return 0x7fc0
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff
}

const writers: Record<ScalarType, (view: DataView, at: number, value: number) => void> = {
  bool: (view, at, value) => view.setUint8(at, value === 0 ? 0 : 1),
  i8: (view, at, value) => view.setInt8(at, value),
  u8: (view, at, value) => view.setUint8(at, value),
  i16: (view, at, value) => view.setInt16(at, value, true),
  u16: (view, at, value) => view.setUint16(at, value, true),
  i32: (view, at, value) => view.setInt32(at, value, true),
  u32: (view, at, value) => view.setUint32(at, value, true),
  i64: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
  u64: (view, at, value) => view.setBigUint64(at, BigInt(value), true),
  f16: (view, at, value) => view.setFloat16(at, value, true),
  bf16: (view, at, value) => view.setUint16(at, bfloat16Bits(value), true),
  f32: (view, at, value) => view.setFloat32(at, value, true),
}

/** Why a value cannot be held by an integer type; null when it can. Formulas carry at most 53 bits. */
function integerProblem(type: ScalarType, value: number): string | null {
  const match = /^([iu])(\d+)$/.exec(type)
  if (!match) return null
  if (!Number.isSafeInteger(value)) return `${value} is not an integer that ${type} can be given exactly`
  const bits = Number(match[2])
  const isSigned = match[1] === 'i'
  const most = 2 ** (isSigned ? bits - 1 : bits) - 1
  const least = isSigned ? -(2 ** (bits - 1)) : 0
  return value < least || value > most ? `${value} does not fit ${type} (${least} to ${most})` : null
}

/** Writes a scalar little-endian at a byte offset; fails with `invalid` when an integer type cannot hold the value. */
export function writeScalar(view: DataView, at: number, scalar: { type: ScalarType; value: number }): Result<void> {
  const problem = integerProblem(scalar.type, scalar.value)
  if (problem) return fail({ kind: 'invalid', message: problem })
  writers[scalar.type](view, at, scalar.value)
  return ok(undefined)
}

/** Offsets of a C struct with natural alignment, and its size with the padding at its end. */
export function structLayout(types: ScalarType[]): { offsets: number[]; bytes: number } {
  let end = 0
  let alignment = 1
  const offsets = types.map((type) => {
    const size = scalarBytes[type]
    alignment = Math.max(alignment, size)
    const at = Math.ceil(end / size) * size
    end = at + size
    return at
  })
  return { offsets, bytes: Math.ceil(end / alignment) * alignment }
}
