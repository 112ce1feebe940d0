import { ok, type Result } from '#contract/error.ts'
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
      tierReason: info.tier_reason,
      isSettled: info.is_settled !== 0,
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

  /**
   * Waits on a worker thread until a faster build that is being made is ready or given up, so that the runs after it
   * stay in one tier; `info` then says which. At once where there is none. `cancelled` when the device is; `timeout`
   * when timeoutNs (0: no limit) passes: the op stays usable and the build goes on.
   */
  async settle(timeoutNs = 0): Promise<Result<void>> {
    const arena = new Arena()
    const error = arena.out('klab_error')
    const release = this.handle.retain()
    try {
      const status = await this.#library.statusAsync(
        'klab_op_settle',
        arena,
        this.handle.address,
        Math.round(timeoutNs),
        error.address,
      )
      return status === 0 ? ok(undefined) : this.#library.failure(status, error.read().message)
    } finally {
      release()
    }
  }

  destroy(): void {
    this.handle.destroy()
  }
}
