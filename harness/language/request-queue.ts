import { fail, type Result } from '#contract/error.ts'

interface Waiting {
  key: string
  run: () => Promise<void>
  drop: () => void
}

/** Runs one task at a time. Of those that wait under a key only the newest is ever run; the others are `cancelled`. */
export class RequestQueue {
  readonly #waiting: Waiting[] = []
  #isBusy = false

  add<T>(key: string, task: () => Promise<Result<T>>): Promise<Result<T>> {
    return new Promise((resolve, reject) => {
      const older = this.#waiting.findIndex((waiting) => waiting.key === key)
      if (older >= 0) this.#waiting.splice(older, 1)[0]?.drop()
      this.#waiting.push({
        key,
        run: () => task().then(resolve, reject),
        drop: () => resolve(fail({ kind: 'cancelled', message: 'a newer question took its place' })),
      })
      void this.#work()
    })
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) await next.run()
    this.#isBusy = false
  }
}
