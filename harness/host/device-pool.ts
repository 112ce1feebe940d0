import type { Device } from '#contract/device.ts'
import { ok, type Result } from '#contract/error.ts'
import { type DeviceHandle, openDevice } from '../bridge/device-handle.ts'
import { listDevices, loadNativeLibrary, type NativeLibrary } from '../bridge/native-library.ts'

/**
 * run: benches and proofs. check: compiles while typing, on a handle of its own so that they never wait for a run.
 * prepare: compiles ahead of a sweep, several at once, while nothing runs.
 */
export type DevicePurpose = 'run' | 'check' | `prepare ${number}`

/** The native library and the devices opened from it, each opened once for each purpose. */
export class DevicePool {
  readonly #options: Record<string, Record<string, string>>
  readonly #open = new Map<string, DeviceHandle>()
  readonly #library: Result<NativeLibrary> = loadNativeLibrary()
  #devices: Device[] | null = null

  constructor(options: Record<string, Record<string, string>>) {
    this.#options = options
  }

  /** `missing-tool` when it is not built. */
  get library(): Result<NativeLibrary> {
    return this.#library
  }

  /** Every device of the library, usable or not. */
  list(): Result<Device[]> {
    if (!this.#library.ok) return this.#library
    this.#devices ??= listDevices(this.#library.value)
    return ok(this.#devices)
  }

  /** The open device. `missing-tool` and `not-found` say what to install or which devices there are. */
  device(id: string, purpose: DevicePurpose): Result<DeviceHandle> {
    const key = `${purpose} ${id}`
    const known = this.#open.get(key)
    if (known) return ok(known)
    if (!this.#library.ok) return this.#library
    const opened = openDevice(this.#library.value, id, this.#options[id])
    if (opened.ok) this.#open.set(key, opened.value)
    return opened
  }

  /** The id of a device that is lost, null while all are well. */
  lost(): string | null {
    return [...this.#open.values()].find(({ isLost }) => isLost)?.info.id ?? null
  }
}
