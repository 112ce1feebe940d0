import type { ScalarType } from '#contract/launch.ts'

/** klab_scalar, in the header's order. */
export const scalarCodes = {
  bool: 0,
  i8: 1,
  u8: 2,
  i16: 3,
  u16: 4,
  i32: 5,
  u32: 6,
  i64: 7,
  u64: 8,
  f16: 9,
  bf16: 10,
  f32: 11,
  f64: 12,
} as const

const scratch = new DataView(new ArrayBuffer(8))

/** The bfloat16 bit pattern nearest to a float32 value, ties to even; NaN stays NaN. */
export function toBfloat16Bits(value: number): number {
  scratch.setFloat32(0, value, true)
  const bits = scratch.getUint32(0, true)
  if (Number.isNaN(value)) return 0x7fc0
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff
}

/** The value of a bfloat16 bit pattern, exact. */
export function fromBfloat16Bits(bits: number): number {
  scratch.setUint32(0, bits << 16, true)
  return scratch.getFloat32(0, true)
}

type ScalarValue = number | bigint | boolean
type Writer = (view: DataView, offset: number, value: ScalarValue) => void

const integer = (value: ScalarValue) => BigInt(typeof value === 'number' ? Math.trunc(value) : value)
const low = (bits: number, value: ScalarValue) => Number(BigInt.asUintN(bits, integer(value)))
const write8: Writer = (view, offset, value) => view.setUint8(offset, low(8, value))
const write16: Writer = (view, offset, value) => view.setUint16(offset, low(16, value), true)
const write32: Writer = (view, offset, value) => view.setUint32(offset, low(32, value), true)
const write64: Writer = (view, offset, value) => view.setBigUint64(offset, BigInt.asUintN(64, integer(value)), true)

/** Writes one scalar of each type, little-endian; floats round to nearest even, integers wrap. */
export const scalarWriters: Record<ScalarType, Writer> = {
  bool: (view, offset, value) => view.setUint8(offset, value ? 1 : 0),
  i8: write8,
  u8: write8,
  i16: write16,
  u16: write16,
  i32: write32,
  u32: write32,
  i64: write64,
  u64: write64,
  f16: (view, offset, value) => view.setFloat16(offset, Number(value), true),
  bf16: (view, offset, value) => view.setUint16(offset, toBfloat16Bits(Number(value)), true),
  f32: (view, offset, value) => view.setFloat32(offset, Number(value), true),
}

/** The value's little-endian bytes, zero-extended to 64 bits. */
export function scalarBits(type: ScalarType, value: number | bigint | boolean): bigint {
  const view = new DataView(new ArrayBuffer(8))
  scalarWriters[type](view, 0, value)
  return view.getBigUint64(0, true)
}
