const seedHigh = 0x12345678
const seedLow = 0x9abcdef0
const multiplierHigh = 0x5851f42d
const multiplierLow = 0x4c957f2d

/**
 * The generator that recorded logs were made with: s ← s · 6364136223846793005 + 1 (mod 2⁶⁴) from
 * 0x123456789ABCDEF0; each value is float(s >> 32) / 2³² · 2 − 1, computed in float.
 */
export class LegacyStream {
  #high = seedHigh | 0
  #low = seedLow | 0

  /** The next value before it is rounded to the element type: a float in [-1, 1]. */
  next(): number {
    // The 64-bit product modulo 2^64 from 16-bit halves of the low words; only its own high word is ever used.
    const low0 = this.#low & 0xffff
    const low1 = this.#low >>> 16
    const p00 = low0 * (multiplierLow & 0xffff)
    const middle = low1 * (multiplierLow & 0xffff) + (p00 >>> 16)
    const cross = low0 * (multiplierLow >>> 16) + (middle & 0xffff)
    const carry = low1 * (multiplierLow >>> 16) + Math.floor(middle / 65536) + Math.floor(cross / 65536)
    const high = (carry + Math.imul(this.#low, multiplierHigh) + Math.imul(this.#high, multiplierLow)) | 0
    const low = Math.imul(this.#low, multiplierLow) + 1
    this.#low = low | 0
    this.#high = (low === 0 ? high + 1 : high) | 0
    return Math.fround(Math.fround(this.#high >>> 0) * 2 ** -31 - 1)
  }
}
