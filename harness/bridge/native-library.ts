import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import koffi, { type LibraryHandle } from 'koffi'
import type { Device } from '#contract/device.ts'
import { fail, ok, type Result } from '#contract/error.ts'
import { Arena } from './arena.ts'
import { type FunctionName, functions } from './declarations.ts'
import { describeDevice, unavailableDevice } from './device-info.ts'
import { readTiers } from './device-tiers.ts'
import { toLabError } from './status.ts'

/** KLAB_ABI_VERSION of the header that declarations.ts describes. */
export const abiVersion = 1

type Argument = bigint | number
type Callable = ((...args: Argument[]) => unknown) & { async: (...args: unknown[]) => void }

const foreignType = (type: string) => (type.endsWith('*') ? 'void*' : type === 'klab_status' ? 'int32_t' : type)

function declare(library: LibraryHandle, name: FunctionName): Callable {
  const [result, ...parameters] = functions[name] as readonly [string, ...string[]]
  const resultType = result === 'const char*' ? 'const char*' : foreignType(result)
  return library.func(name, resultType, parameters.map(foreignType)) as Callable
}

/** The loaded library. Every call takes an Arena that holds its memory; statuses become LabErrors here. */
export class NativeLibrary {
  readonly path: string
  readonly #functions: Record<FunctionName, Callable>
  readonly #inFlight = new Set<Arena>()

  constructor(path: string, library: LibraryHandle) {
    this.path = path
    const names = Object.keys(functions) as FunctionName[]
    this.#functions = Object.fromEntries(names.map((name) => [name, declare(library, name)])) as Record<
      FunctionName,
      Callable
    >
  }

  /** Calls and returns whatever the function returns. */
  call(name: FunctionName, ...args: Argument[]): unknown {
    return this.#functions[name](...args)
  }

  /** Calls a function on this thread and returns its status number. */
  status(name: FunctionName, ...args: Argument[]): number {
    return this.#functions[name](...args) as number
  }

  /** Calls a [blocking] function on a worker thread; `arena` is kept alive until it returns its status number. */
  statusAsync(name: FunctionName, arena: Arena, ...args: Argument[]): Promise<number> {
    this.#inFlight.add(arena)
    return new Promise((resolve, reject) => {
      this.#functions[name].async(...args, (error: unknown, status: number) => {
        this.#inFlight.delete(arena)
        if (error) reject(error)
        else resolve(status)
      })
    })
  }

  /** The failure that a status and an optional klab_error describe. */
  failure(status: number, message: string): Result<never> {
    return fail(toLabError(status, message || String(this.call('klab_status_message', status))))
  }
}

/** Where the library is looked for: KLAB_LIBRARY, else build/native of this checkout. */
export function libraryPath(): string {
  const built = new URL('../../build/native/libklab.so', import.meta.url)
  return process.env.KLAB_LIBRARY || fileURLToPath(built)
}

/** Loads libklab and compares its ABI version. Fails with `missing-tool` when it is not built. */
export function loadNativeLibrary(path = libraryPath()): Result<NativeLibrary> {
  const command = 'cmake -S native -B build/native -G Ninja && cmake --build build/native'
  if (!existsSync(path)) {
    return fail({
      kind: 'missing-tool',
      message: `the native library is not built: ${path} does not exist; run: ${command}`,
      command,
    })
  }
  try {
    const library = new NativeLibrary(path, koffi.load(path))
    const found = library.call('klab_abi_version')
    if (found === abiVersion) return ok(library)
    return fail({
      kind: 'missing-tool',
      message: `${path} has ABI version ${found}, this lab needs ${abiVersion}; rebuild it: ${command}`,
      command,
    })
  } catch (error) {
    return fail({
      kind: 'missing-tool',
      message: `${path} cannot be loaded: ${(error as Error).message}; rebuild it: ${command}`,
      command,
    })
  }
}

function deviceIds(library: NativeLibrary): string[] {
  const arena = new Arena()
  const count = arena.reserve(4)
  if (library.status('klab_device_count', count.address) !== 0) return []
  const id = arena.reserve(32)
  return Array.from({ length: count.view.getUint32(0, true) }, (_, index) => {
    library.status('klab_device_id', index, id.address, 32)
    const bytes = new Uint8Array(id.view.buffer, id.view.byteOffset, 32)
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)))
  })
}

/** Every device of the library, cpu first. One that exists but cannot be used says why in `unavailable`. */
export function listDevices(library: NativeLibrary): Device[] {
  return deviceIds(library).map((id) => {
    const arena = new Arena()
    const device = arena.reserve(8)
    const error = arena.out('klab_error')
    const info = arena.out('klab_device_info')
    const status = library.status('klab_device_open', arena.text(id).address, device.address, error.address)
    if (status !== 0) return unavailableDevice(id, error.read().message)
    const handle = device.view.getBigUint64(0, true)
    const infoStatus = library.status('klab_device_get_info', handle, info.address)
    const tiers = readTiers(library, handle)
    library.call('klab_device_close', handle)
    return infoStatus === 0
      ? describeDevice(info.read(), tiers)
      : unavailableDevice(id, `its information cannot be read (status ${infoStatus})`)
  })
}
