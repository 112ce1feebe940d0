/** Scrambles 32 bits so that neighbouring inputs share nothing (the finaliser of MurmurHash3). */
function mix(bits: number): number {
  let h = bits | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/**
 * A reproducible sequence of 32-bit numbers: xoshiro128++ (Blackman and Vigna), seeded from `seed` and `stream`, so
 * that operands of one seed are independent of each other.
 */
export class RandomStream {
  #a: number
  #b: number
  #c: number
  #d: number

  constructor(seed: number, stream = 0) {
    const high = Math.floor(seed / 2 ** 32)
    const state = [1, 2, 3, 4].map((lane) => mix((seed | 0) ^ mix(high ^ mix(stream + Math.imul(lane, 0x9e3779b9)))))
    this.#a = state[0]!
    this.#b = state[1]!
    this.#c = state[2]!
    this.#d = state[3]! | 1
  }

  /** The next 32 bits, as a signed integer. */
  next(): number {
    const sum = (this.#a + this.#d) | 0
    const result = (((sum << 7) | (sum >>> 25)) + this.#a) | 0
    const shifted = this.#b << 9
    this.#c ^= this.#a
    this.#d ^= this.#b
    this.#b ^= this.#c
    this.#a ^= this.#d
    this.#c ^= shifted
    this.#d = (this.#d << 11) | (this.#d >>> 21)
    return result
  }

  /** Uniform in [-1, 1), a multiple of 2⁻³¹. */
  nextSigned(): number {
    return this.next() * 2 ** -31
  }

  /** Uniform integer in [0, limit). */
  nextBelow(limit: number): number {
    return Math.floor((this.next() >>> 0) * 2 ** -32 * limit)
  }
}
