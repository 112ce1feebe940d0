import type { DeviceHandle } from '../../bridge/device-handle.ts'
import { openDevice } from '../../bridge/device-handle.ts'
import type { RunContext } from '../types.ts'

/** A handle of its own for mutants: one that does not come to an end takes only that one with it. */
export class MutantDevice {
  readonly #context: RunContext
  #handle: DeviceHandle

  constructor(context: RunContext) {
    this.#context = context
    this.#handle = this.#open()
  }

  get handle(): DeviceHandle {
    return this.#handle
  }

  #open(): DeviceHandle {
    const { lib, device } = this.#context
    const opened = openDevice(lib, device.info.id)
    return opened.ok ? opened.value : device
  }

  replaceIfLost(): void {
    if (this.#handle.isLost && this.#handle !== this.#context.device) this.#handle = this.#open()
  }

  close(): void {
    if (this.#handle !== this.#context.device && !this.#handle.isLost) this.#handle.close()
  }
}
