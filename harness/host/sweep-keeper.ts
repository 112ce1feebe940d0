import type { LabError } from '#contract/error.ts'
import type { EventPayload } from '#contract/ipc.ts'
import { isSweepActive, type SweepCounts, type SweepOptions, type SweepStarted } from '#contract/sweep.ts'

type SweepChange = EventPayload<'sweep.changed'>

interface KeptSweep extends SweepStarted {
  options: SweepOptions
  /** As last told. */
  last: SweepChange | null
}

/** What a supervisor remembers of the sweep under way, so that the death of a host ends one pair of it and no more. */
export class SweepKeeper {
  #sweep: KeptSweep | null = null
  #leastWaiting = Number.POSITIVE_INFINITY

  begin(options: SweepOptions, started: SweepStarted): void {
    this.#sweep = { ...started, options, last: null }
    this.#leastWaiting = Number.POSITIVE_INFINITY
  }

  /** True when more pairs are done than ever before: the hosts that died over them did not die in vain. */
  change(change: SweepChange): boolean {
    if (change.sweepId !== this.#sweep?.sweepId) return false
    if (isSweepActive(change.state)) this.#sweep.last = change
    else this.#sweep = null
    const { waiting } = change.counts
    const isProgress = waiting < this.#leastWaiting
    this.#leastWaiting = Math.min(this.#leastWaiting, waiting)
    return isProgress
  }

  /** What to ask the next host for; null when no sweep was under way, or it was to stop anyway. */
  get toContinue(): (SweepStarted & { options: SweepOptions }) | null {
    if (!this.#sweep || this.#sweep.last?.state === 'cancelling') return null
    const { last: _, ...started } = this.#sweep
    return started
  }

  /** The end of a sweep that no host goes on with: cancelled when that was asked for. Null when none was under way. */
  end(error: LabError): SweepChange | null {
    if (!this.#sweep) return null
    const { sweepId, last } = this.#sweep
    this.#sweep = null
    const nothing: SweepCounts = { pairs: 0, gaps: 0, waiting: 0, measured: 0, cached: 0, right: 0 }
    const { counts, elapsedNs, measuringNs } = last ?? { counts: nothing, elapsedNs: 0, measuringNs: 0 }
    const end = { sweepId, counts, elapsedNs, measuringNs, cells: [] }
    return last?.state === 'cancelling'
      ? { ...end, state: 'cancelled' }
      : { ...end, state: 'failed', reason: error.message }
  }
}
