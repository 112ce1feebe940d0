import { randomUUID } from 'node:crypto'

/** What a run is given: how to be cancelled. */
export interface RunSlot {
  runId: string
  signal: AbortSignal
}

/**
 * Runs one thing at a time, in the order asked for, because two at once would disturb each other's times. A run learns
 * through its signal that it was cancelled, also when it had not begun.
 */
export class RunQueue {
  readonly #controllers = new Map<string, AbortController>()
  #tail: Promise<void> = Promise.resolve()
  #running: string | null = null

  /** Queues `work` and answers its id at once; `work` starts on a later turn of the event loop and must not throw. */
  start(work: (slot: RunSlot) => Promise<void>): string {
    const runId = randomUUID()
    const controller = new AbortController()
    this.#controllers.set(runId, controller)
    const turn = new Promise<void>((resolve) => setImmediate(resolve))
    this.#tail = Promise.all([this.#tail, turn])
      .then(() => {
        this.#running = runId
        return work({ runId, signal: controller.signal })
      })
      .finally(() => {
        this.#running = null
        this.#controllers.delete(runId)
      })
    return runId
  }

  /** Whether it is this run's turn. */
  isRunning(runId: string): boolean {
    return this.#running === runId
  }

  /** False when there is no such run (any more). */
  cancel(runId: string): boolean {
    const controller = this.#controllers.get(runId)
    controller?.abort()
    return controller !== undefined
  }
}
