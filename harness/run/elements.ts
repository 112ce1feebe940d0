import type { ScalarType } from '#contract/launch.ts'

type ElementArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array

interface ElementFormat {
  /** f16 and bf16 are held as their 16-bit patterns. */
  create: (count: number) => ElementArray
  bytes: number
  /** NumPy's type string. It has no bfloat16: those are stored as their bits. */
  npy: string
}

/** How the elements of a buffer are held and stored. */
export const elementFormats: Record<ScalarType, ElementFormat> = {
  bool: { create: (n) => new Uint8Array(n), bytes: 1, npy: '|b1' },
  i8: { create: (n) => new Int8Array(n), bytes: 1, npy: '|i1' },
  u8: { create: (n) => new Uint8Array(n), bytes: 1, npy: '|u1' },
  i16: { create: (n) => new Int16Array(n), bytes: 2, npy: '<i2' },
  u16: { create: (n) => new Uint16Array(n), bytes: 2, npy: '<u2' },
  i32: { create: (n) => new Int32Array(n), bytes: 4, npy: '<i4' },
  u32: { create: (n) => new Uint32Array(n), bytes: 4, npy: '<u4' },
  i64: { create: (n) => new BigInt64Array(n), bytes: 8, npy: '<i8' },
  u64: { create: (n) => new BigUint64Array(n), bytes: 8, npy: '<u8' },
  f16: { create: (n) => new Uint16Array(n), bytes: 2, npy: '<f2' },
  bf16: { create: (n) => new Uint16Array(n), bytes: 2, npy: '<u2' },
  f32: { create: (n) => new Float32Array(n), bytes: 4, npy: '<f4' },
}

/** Whether arithmetic on the type rounds. */
export const isFloat = (type: ScalarType) => type === 'f16' || type === 'bf16' || type === 'f32'
