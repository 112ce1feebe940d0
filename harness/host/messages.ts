import type { LabError, Result } from '#contract/error.ts'
import type { EventName, EventPayload } from '#contract/ipc.ts'
import type { Row } from '#contract/row.ts'
import type { ProofPlace } from '../verify/proof-place.ts'

/** What a kernel host needs to know before its first request. */
export interface HostConfig {
  /** Absolute. */
  workspaceRoot: string
  /** Options of devices by id, set whenever one is opened. */
  deviceOptions: Record<string, Record<string, string>>
  /** File that a fatal signal in a kernel is described in. */
  crashReportPath: string
}

export type ToHost =
  | { kind: 'boot'; config: HostConfig }
  | { kind: 'request'; id: number; name: string; input: unknown }
  | { kind: 'ping' }

export type FromHost =
  | { kind: 'ready' }
  | { kind: 'answer'; id: number; result: Result<unknown> }
  | { [N in EventName]: { kind: 'event'; name: N; payload: EventPayload<N> } }[EventName]
  /** The row to show for a bench should this process die during it. */
  | { kind: 'skeleton'; runId: string; row: Row }
  /** What a proof is at, null once none of its runs can be blamed for what happens. */
  | { kind: 'underway'; runId: string; place: ProofPlace | null }
  | { kind: 'pong' }
  /** This process must be replaced: a device is lost, or a cancelled kernel does not stop. `error` is how its runs end. */
  | { kind: 'leaving'; error: LabError }
