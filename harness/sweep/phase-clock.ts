/** Wall time by phase, ns. */
export type PhaseTimes = Record<string, number>

/** The phase in which samples are taken. */
export const sampling = 'measure'

/** Adds times to others, phase by phase. */
export function addPhases(into: PhaseTimes, more: PhaseTimes): void {
  for (const [phase, ns] of Object.entries(more)) into[phase] = (into[phase] ?? 0) + Math.round(ns)
}

/** Tells how long a run was in which phase, by the signs it gives: each lasts until the next one. */
export class PhaseClock {
  readonly #now: () => number
  readonly #times: PhaseTimes = {}
  #phase: string | null = null
  #since = 0

  /** `now` in ms. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  mark(phase: string): void {
    this.#close()
    this.#phase = phase
  }

  /** Ends the present phase and answers all. */
  end(): PhaseTimes {
    this.#close()
    this.#phase = null
    return { ...this.#times }
  }

  #close(): void {
    const now = this.#now()
    if (this.#phase !== null) addPhases(this.#times, { [this.#phase]: (now - this.#since) * 1e6 })
    this.#since = now
  }
}
