/**
 * An opaque pointer of the library with its destroy function. Destroying while a call on it is in flight waits for that
 * call, so native code never sees a freed handle. Using a destroyed handle is a defect and throws.
 */
export class NativeHandle {
  readonly #address: bigint
  readonly #free: (address: bigint) => void
  readonly #what: string
  #users = 0
  #isDestroyed = false

  constructor(what: string, address: bigint, free: (address: bigint) => void) {
    this.#what = what
    this.#address = address
    this.#free = free
  }

  get address(): bigint {
    if (this.#isDestroyed) throw new Error(`the ${this.#what} was used after it was destroyed`)
    return this.#address
  }

  get isDestroyed(): boolean {
    return this.#isDestroyed
  }

  /** Keeps the handle alive until the returned function is called once. */
  retain(): () => void {
    void this.address
    this.#users++
    return () => {
      this.#users--
      this.#freeWhenUnused()
    }
  }

  /** Idempotent. */
  destroy(): void {
    if (this.#isDestroyed) return
    this.#isDestroyed = true
    this.#freeWhenUnused()
  }

  #freeWhenUnused(): void {
    if (this.#isDestroyed && this.#users === 0) this.#free(this.#address)
  }
}
