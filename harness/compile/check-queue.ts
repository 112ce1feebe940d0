import type { CompileReport } from '#contract/diagnostic.ts'
import { fail, type LabError, ok, type Result } from '#contract/error.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { ModuleRequest } from '../bridge/types.ts'

const superseded: LabError = { kind: 'cancelled', message: 'a newer text of the same document is being checked' }

interface Waiting {
  documentId: string
  request: ModuleRequest
  settle: (result: Result<CompileReport>) => void
  isSuperseded: boolean
}

/**
 * Checks texts on one device, one at a time, and only the newest of each document: an older one that waits or runs
 * ends as `cancelled`.
 */
export class CheckQueue {
  readonly #device: DeviceHandle
  #waiting: Waiting[] = []
  #running: Waiting | null = null

  constructor(device: DeviceHandle) {
    this.#device = device
  }

  /** The report of this text, also when it has errors. */
  check(documentId: string, request: ModuleRequest): Promise<Result<CompileReport>> {
    for (const older of this.#waiting.filter((one) => one.documentId === documentId)) older.settle(fail(superseded))
    this.#waiting = this.#waiting.filter((one) => one.documentId !== documentId)
    return new Promise((settle) => {
      this.#waiting.push({ documentId, request, settle, isSuperseded: false })
      if (!this.#running) void this.#drain()
      else if (this.#running.documentId === documentId) this.#supersede(this.#running)
    })
  }

  #supersede(running: Waiting): void {
    running.isSuperseded = true
    this.#device.cancel()
  }

  async #drain(): Promise<void> {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      this.#running = next
      const report = await this.#read(next.request)
      next.settle(next.isSuperseded ? fail(superseded) : report)
    }
    this.#running = null
  }

  async #read(request: ModuleRequest): Promise<Result<CompileReport>> {
    try {
      const module = await this.#device.createModule(request)
      if (!module.ok) return module
      const { report } = module.value
      module.value.destroy()
      return ok(report)
    } catch (thrown) {
      // The queue must go on: a defect in one check may not leave every later one waiting.
      console.error(thrown)
      return fail({ kind: 'internal', message: `checking ${request.path} failed inside the lab: ${String(thrown)}` })
    }
  }
}
