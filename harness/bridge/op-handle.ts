import { Arena } from './arena.ts'
import { NativeHandle } from './native-handle.ts'
import type { NativeLibrary } from './native-library.ts'
import type { OpInfo } from './types.ts'

/** An entry point made runnable, or the device's own library as an op. */
export class OpHandle {
  readonly handle: NativeHandle
  readonly #library: NativeLibrary

  constructor(library: NativeLibrary, address: bigint) {
    this.#library = library
    this.handle = new NativeHandle('op', address, (op) => library.call('klab_op_destroy', op))
  }

  /** Read afresh: some facts are known only after the first run. */
  get info(): OpInfo {
    const out = new Arena().out('klab_op_info')
    this.#library.status('klab_op_get_info', this.handle.address, out.address)
    const info = out.read()
    return {
      name: info.name,
      tier: info.tier,
      maxThreads: info.max_threads,
      simdWidth: info.simd_width,
      staticThreadgroupBytes: info.static_threadgroup_bytes,
      registers: info.registers,
      spillBytes: info.spill_bytes,
      flagsUsed: info.flags_used,
      optimiseNs: Number(info.optimise_ns),
      linkNs: Number(info.link_ns),
      isCached: info.is_cached !== 0,
      isBaseline: info.is_baseline !== 0,
    }
  }

  destroy(): void {
    this.handle.destroy()
  }
}
