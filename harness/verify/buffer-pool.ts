import type { Result } from '#contract/error.ts'
import { ok } from '#contract/error.ts'
import type { BufferHandle } from '../bridge/buffer-handle.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'

/** Buffers that are kept; each reserves address space on a host, whatever its size. */
const mostKept = 24
const mostKeptBytes = 2 ** 28

/**
 * Guarded buffers that are used again: the draws and tiers of one shape need the same sizes, and making a buffer takes
 * longer than a small run. One that comes back holds whatever it held: who takes it writes all of it.
 */
export class BufferPool {
  readonly #device: DeviceHandle
  readonly #kept: BufferHandle[] = []
  #bytes = 0

  constructor(device: DeviceHandle) {
    this.#device = device
  }

  /** A guarded buffer of exactly so many bytes, whose guard bands are whole. */
  take(bytes: number): Result<BufferHandle> {
    const at = this.#kept.findLastIndex((buffer) => buffer.bytes === bytes)
    const [known] = at < 0 ? [] : this.#kept.splice(at, 1)
    if (!known) return this.#device.createBuffer({ bytes, guarded: true })
    this.#bytes -= bytes
    return ok(known)
  }

  /** Keeps a buffer for later; one with a damaged guard band is destroyed, and so are those unused for longest. */
  giveBack(buffer: BufferHandle): void {
    if (buffer.check().bytesDamaged > 0) {
      buffer.destroy()
      return
    }
    this.#kept.push(buffer)
    this.#bytes += buffer.bytes
    while (this.#kept.length > mostKept || this.#bytes > mostKeptBytes) {
      const oldest = this.#kept.shift()
      if (!oldest) break
      this.#bytes -= oldest.bytes
      oldest.destroy()
    }
  }

  /** Frees what is kept. A lost device is left alone: its memory may still be written to. */
  destroy(): void {
    if (this.#device.isLost) return
    for (const buffer of this.#kept) buffer.destroy()
    this.#kept.length = 0
    this.#bytes = 0
  }
}
