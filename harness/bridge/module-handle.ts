import type { CompileReport } from '#contract/diagnostic.ts'
import { ok, type Result } from '#contract/error.ts'
import { Arena } from './arena.ts'
import { NativeHandle } from './native-handle.ts'
import type { NativeLibrary } from './native-library.ts'
import { OpHandle } from './op-handle.ts'
import { type ModuleContents, readModule } from './read-report.ts'
import { scalarBits, scalarCodes } from './scalar.ts'
import { statusName, toLabError } from './status.ts'
import type { SourceLines } from './text-columns.ts'
import type { ConstantValue } from './types.ts'

export interface OpRequest {
  entry: string
  constants?: ConstantValue[]
  /** Compiled for DeviceHandle.analyse instead of run. */
  analyse?: boolean
}

const analyseFlag = 8

/** A read source: its diagnostics and its entry points. It exists also when the source has errors. */
export class ModuleHandle {
  readonly handle: NativeHandle
  readonly #library: NativeLibrary
  readonly #lines: SourceLines
  #contents: ModuleContents

  constructor(library: NativeLibrary, address: bigint, lines: SourceLines) {
    this.#library = library
    this.#lines = lines
    this.handle = new NativeHandle('module', address, (module) => library.call('klab_module_destroy', module))
    this.#contents = readModule(library, address, lines)
  }

  /** Extended by the diagnostics of a failed createOp. */
  get report(): CompileReport {
    return this.#contents.report
  }

  /** Id and version of the compiler. */
  get compiler(): string {
    return this.#contents.compiler
  }

  /**
   * Makes an entry point runnable. `not-found` lists the entries there are; `compile` carries the diagnostics that
   * only appeared now.
   */
  async createOp(request: OpRequest): Promise<Result<OpHandle>> {
    const arena = new Arena()
    const constants = (request.constants ?? []).map(({ name, index, type, value }) => ({
      name: name ?? '',
      index: index ?? 0,
      type: scalarCodes[type],
      bits: scalarBits(type, value),
    }))
    const desc = arena.struct('klab_op_desc', {
      entry: arena.text(request.entry).address,
      constant_count: constants.length,
      constants: arena.structs('klab_constant', constants),
      flags: request.analyse ? analyseFlag : 0,
    })
    const op = arena.reserve(8)
    const error = arena.out('klab_error')
    const release = this.handle.retain()
    try {
      const status = await this.#library.statusAsync(
        'klab_op_create',
        arena,
        this.handle.address,
        desc,
        op.address,
        error.address,
      )
      if (status === 0) return ok(new OpHandle(this.#library, op.view.getBigUint64(0, true)))
      return this.#failure(status, error.read().message)
    } finally {
      release()
    }
  }

  destroy(): void {
    this.handle.destroy()
  }

  #failure(status: number, message: string): Result<never> {
    if (statusName(status) !== 'COMPILE' || this.handle.isDestroyed) return this.#library.failure(status, message)
    this.#contents = readModule(this.#library, this.handle.address, this.#lines)
    return { ok: false, error: toLabError(status, message, this.report.diagnostics) }
  }
}
