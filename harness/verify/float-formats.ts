import type { Dtype } from '#contract/shape.ts'

/** Elements as stored: 16-bit patterns for f16 and bf16, floats for f32. */
export type Elements = Uint16Array | Float32Array

/** What rounding to a type means. */
export interface FloatFormat {
  bytes: number
  /** Bits of the significand, the hidden one included. */
  precision: number
  /** Exponent of the smallest normal number, 2^minExponent. */
  minExponent: number
  max: number
  /** Half a unit in the last place of 1: the largest relative error of one rounding. */
  unitRoundoff: number
  /** What an underflow may cost: see errorBound. */
  underflow: number
}

/** IEEE formats of the element types. */
export const floatFormats: Record<Dtype, FloatFormat> = {
  f16: { bytes: 2, precision: 11, minExponent: -14, max: 65504, unitRoundoff: 2 ** -11, underflow: 2 ** -24 },
  bf16: {
    bytes: 2,
    precision: 8,
    minExponent: -126,
    max: (2 - 2 ** -7) * 2 ** 127,
    unitRoundoff: 2 ** -8,
    underflow: 2 ** -126,
  },
  f32: {
    bytes: 4,
    precision: 24,
    minExponent: -126,
    max: (2 - 2 ** -23) * 2 ** 127,
    unitRoundoff: 2 ** -24,
    underflow: 2 ** -126,
  },
}

const floatView = new Float32Array(1)
const bitsView = new Uint32Array(floatView.buffer)

/** Bits of the half nearest to `value` as a float (ties to even); NaN stays NaN, overflow becomes infinity. */
export function encodeHalf(value: number): number {
  floatView[0] = value
  const bits = bitsView[0]!
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fffffff
  if (magnitude >= 0x47800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00)
  if (magnitude >= 0x38800000) {
    // Rebias the exponent from 127 to 15; a carry out of the significand is the next exponent, up to infinity.
    const rebased = magnitude - 0x38000000
    return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13)
  }
  if (magnitude < 0x33000000) return sign
  const shift = 126 - (magnitude >>> 23)
  const significand = (magnitude & 0x7fffff) | 0x800000
  const kept = significand >>> shift
  const rest = significand & ((1 << shift) - 1)
  const half = 1 << (shift - 1)
  return sign | (kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0))
}

/** Bits of the bfloat16 nearest to `value` as a float (ties to even). */
export function encodeBfloat(value: number): number {
  floatView[0] = value
  const bits = bitsView[0]!
  if ((bits & 0x7fffffff) > 0x7f800000) return ((bits >>> 16) & 0x8000) | 0x7fc0
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff
}

/** Value of a bfloat16's bits. */
export function decodeBfloat(bits: number): number {
  bitsView[0] = bits << 16
  return floatView[0]!
}

function buildHalfTable(): Float32Array {
  const table = new Float32Array(65536)
  for (let bits = 0; bits < 65536; bits++) {
    const exponent = (bits >>> 10) & 31
    const fraction = bits & 0x3ff
    const magnitude =
      exponent === 31
        ? fraction
          ? Number.NaN
          : Infinity
        : exponent === 0
          ? fraction * 2 ** -24
          : (1 + fraction / 1024) * 2 ** (exponent - 15)
    table[bits] = bits & 0x8000 ? -magnitude : magnitude
  }
  return table
}

/** Value of every half, by its bits. */
export const halfValues = buildHalfTable()

/** Room for `count` elements of a type. */
export function allocateElements(dtype: Dtype, count: number): Elements {
  return dtype === 'f32' ? new Float32Array(count) : new Uint16Array(count)
}

/** What to store so that reading it back gives `value` rounded to the type. f32 elements are stored as numbers. */
export function encoderOf(dtype: Dtype): (value: number) => number {
  return dtype === 'f16' ? encodeHalf : dtype === 'bf16' ? encodeBfloat : Math.fround
}

/** Values of stored elements as floats: exact for every type. A Float32Array is returned as it is. */
export function decodeElements(dtype: Dtype, elements: Elements): Float32Array {
  if (dtype === 'f32') return elements as Float32Array
  const values = new Float32Array(elements.length)
  if (dtype === 'f16') {
    for (let i = 0; i < values.length; i++) values[i] = halfValues[elements[i]!]!
  } else {
    const bits = new Uint32Array(values.buffer)
    for (let i = 0; i < bits.length; i++) bits[i] = elements[i]! << 16
  }
  return values
}

/** `value` rounded once to the type (ties to even), from double: not through float, which would round twice. */
export function roundTo(dtype: Dtype, value: number): number {
  if (dtype === 'f32') return Math.fround(value)
  const format = floatFormats[dtype]
  const spacing = ulpAt(format, value)
  if (!Number.isFinite(spacing)) return value
  const steps = value / spacing
  const floor = Math.floor(steps)
  const rest = steps - floor
  const rounded = (rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor) * spacing
  return Math.abs(rounded) > format.max ? Math.sign(rounded) * Infinity : rounded
}

const doubleView = new Float64Array(1)
const doubleBits = new Uint32Array(doubleView.buffer)

/** Distance between neighbouring numbers of the format around a finite `value`; NaN otherwise. Exact power of two. */
export function ulpAt(format: FloatFormat, value: number): number {
  doubleView[0] = value
  const biased = (doubleBits[1]! >>> 20) & 0x7ff
  if (biased === 0x7ff) return Number.NaN
  const exponent = Math.max(biased - 1023, format.minExponent) - format.precision + 1
  doubleBits[0] = 0
  doubleBits[1] = (exponent + 1023) << 20
  return doubleView[0]!
}
