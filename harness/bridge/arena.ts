import koffi from 'koffi'
import type { StructName } from './declarations.ts'
import { decodeStruct, encodeStruct, layouts, type StructValues } from './layout.ts'

const chunkBytes = 1024
const encoder = new TextEncoder()

/**
 * Address of a typed array's first byte. Reading `.buffer` first moves a small array out of V8's moving heap, so the
 * address stays good for as long as the array is reachable.
 */
export function addressOf(view: ArrayBufferView): bigint {
  void view.buffer
  return koffi.address(view)
}

/** Memory of one call that native code reads or writes: an address to pass and a view to read back. */
export interface Slot {
  address: bigint
  view: DataView
}

/**
 * The memory of one native call: descriptors, strings and results, all in JavaScript-owned buffers at fixed addresses.
 * It must stay reachable until the call has returned. Structs are encoded here and not by koffi's own marshalling:
 * asynchronous calls with nested structs were seen to corrupt the heap under koffi 3.3.4, and flat pointers do not.
 */
export class Arena {
  readonly #kept: ArrayBufferView[] = []
  #chunk: Uint8Array = new Uint8Array(0)
  #base = 0n
  #used = 0

  /** Zeroed memory, aligned to 16 bytes. */
  reserve(bytes: number): Slot {
    const start = Math.ceil(this.#used / 16) * 16
    if (start + bytes > this.#chunk.length) {
      this.#chunk = new Uint8Array(new ArrayBuffer(Math.max(chunkBytes, bytes)))
      this.#kept.push(this.#chunk)
      this.#base = addressOf(this.#chunk)
      this.#used = 0
      return this.reserve(bytes)
    }
    this.#used = start + bytes
    return { address: this.#base + BigInt(start), view: new DataView(this.#chunk.buffer, start, bytes) }
  }

  /** One struct, for the library to read. */
  struct<N extends StructName>(name: N, values: Partial<StructValues<N>>): bigint {
    return this.structs(name, [values])
  }

  /** Structs in a row, for the library to read; 0 (NULL) when there are none. */
  structs<N extends StructName>(name: N, list: readonly Partial<StructValues<N>>[]): bigint {
    if (list.length === 0) return 0n
    const { bytes } = layouts[name]
    const slot = this.reserve(bytes * list.length)
    for (const [i, values] of list.entries()) {
      encodeStruct(new DataView(slot.view.buffer, slot.view.byteOffset + i * bytes, bytes), name, values)
    }
    return slot.address
  }

  /** A struct for the library to fill; `read` decodes what it left there. */
  out<N extends StructName>(name: N): { address: bigint; read: () => StructValues<N> } {
    const slot = this.reserve(layouts[name].bytes)
    encodeStruct(slot.view, name, {})
    return { address: slot.address, read: () => decodeStruct(slot.view, name) }
  }

  /** A NUL-terminated UTF-8 string and its length without the NUL. */
  text(value: string): { address: bigint; bytes: number } {
    const encoded = encoder.encode(value)
    const slot = this.reserve(encoded.length + 1)
    new Uint8Array(slot.view.buffer, slot.view.byteOffset, encoded.length).set(encoded)
    return { address: slot.address, bytes: encoded.length }
  }

  /** An array of NUL-terminated strings; 0 (NULL) when there are none. */
  texts(values: readonly string[]): bigint {
    if (values.length === 0) return 0n
    const slot = this.reserve(values.length * 8)
    for (const [i, value] of values.entries()) slot.view.setBigUint64(i * 8, this.text(value).address, true)
    return slot.address
  }

  /** The caller's own memory, uncopied. */
  borrow(view: ArrayBufferView | undefined): bigint {
    if (!view || view.byteLength === 0) return 0n
    this.#kept.push(view)
    return addressOf(view)
  }
}
