import type { LabError } from '#contract/error.ts'
import type { RunOutcome } from '#contract/ipc.ts'
import type { Row } from '#contract/row.ts'
import type { ProofPlace } from '../verify/proof-place.ts'

/** The row of a bench whose host died: everything that was known before, and how it ended. */
export function rowOfDeath(skeleton: Row, error: LabError): Row {
  const status = error.kind === 'timeout' || error.kind === 'cancelled' ? error.kind : 'device-lost'
  const { file, line } = error.kind === 'device-lost' ? error : {}
  return {
    ...skeleton,
    status,
    reason: error.message,
    ...(file && line ? { location: { file, line } } : {}),
    wallNs: (Date.now() - Date.parse(skeleton.startedAt)) * 1e6,
  }
}

/** The runs under way in a host, so that its death ends every one of them with an outcome. */
export class RunLedger {
  readonly #skeletons = new Map<string, Row | null>()
  readonly #places = new Map<string, ProofPlace>()

  begin(runId: string): void {
    if (!this.#skeletons.has(runId)) this.#skeletons.set(runId, null)
  }

  sketch(runId: string, row: Row): void {
    this.#skeletons.set(runId, row)
  }

  place(runId: string, place: ProofPlace | null): void {
    if (place) this.#places.set(runId, place)
    else this.#places.delete(runId)
  }

  finish(runId: string): void {
    this.#places.delete(runId)
    this.#skeletons.delete(runId)
  }

  /** Forgets every run and says how each ended, of a proof also what it was at. */
  endAll(error: LabError): { runId: string; outcome: RunOutcome; place: ProofPlace | null }[] {
    const ended = [...this.#skeletons].map(([runId, skeleton]) => ({
      runId,
      place: this.#places.get(runId) ?? null,
      outcome: skeleton
        ? ({ kind: 'bench', row: rowOfDeath(skeleton, error) } as const)
        : ({ kind: 'failed', error } as const),
    }))
    this.#skeletons.clear()
    this.#places.clear()
    return ended
  }
}
