import { ok, type Result } from '#contract/error.ts'
import { Arena } from './arena.ts'
import { NativeHandle } from './native-handle.ts'
import type { NativeLibrary } from './native-library.ts'
import type { GuardReport } from './types.ts'

/** Device memory. Offsets and sizes are bytes; a range outside the buffer is `invalid`. */
export class BufferHandle {
  readonly bytes: number
  readonly handle: NativeHandle
  readonly #library: NativeLibrary

  constructor(library: NativeLibrary, address: bigint, bytes: number) {
    this.#library = library
    this.bytes = bytes
    this.handle = new NativeHandle('buffer', address, (buffer) => library.call('klab_buffer_destroy', buffer))
  }

  /** Copies `data` into the buffer. */
  write(data: ArrayBufferView, offset = 0): Result<void> {
    return this.#transfer('klab_buffer_write', data, offset)
  }

  /** Fills `into` from the buffer. */
  read(into: ArrayBufferView, offset = 0): Result<void> {
    return this.#transfer('klab_buffer_read', into, offset)
  }

  /** Repeats the low `patternBytes` bytes of `pattern` over the whole buffer. */
  fill(pattern: number | bigint, patternBytes: 1 | 2 | 4 | 8): Result<void> {
    const error = new Arena().out('klab_error')
    const bits = BigInt.asUintN(patternBytes * 8, BigInt(pattern))
    const status = this.#library.status(
      'klab_buffer_fill',
      this.handle.address,
      0,
      0,
      bits,
      patternBytes,
      error.address,
    )
    return status === 0 ? ok(undefined) : this.#library.failure(status, error.read().message)
  }

  /** Reads the guard bands; undamaged when the buffer has none. */
  check(): GuardReport {
    const result = new Arena().out('klab_buffer_check_result')
    this.#library.status('klab_buffer_check', this.handle.address, result.address)
    const { has_guards, bytes_damaged, first_offset } = result.read()
    return { hasGuards: has_guards !== 0, bytesDamaged: Number(bytes_damaged), firstOffset: Number(first_offset) }
  }

  destroy(): void {
    this.handle.destroy()
  }

  #transfer(name: 'klab_buffer_write' | 'klab_buffer_read', memory: ArrayBufferView, offset: number): Result<void> {
    if (memory.byteLength === 0) return ok(undefined)
    const arena = new Arena()
    const error = arena.out('klab_error')
    const status = this.#library.status(
      name,
      this.handle.address,
      offset,
      arena.borrow(memory),
      memory.byteLength,
      error.address,
    )
    return status === 0 ? ok(undefined) : this.#library.failure(status, error.read().message)
  }
}
