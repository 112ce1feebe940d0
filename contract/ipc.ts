import type { z } from 'zod'
import type { Result } from './error.ts'
import { flagRequests } from './ipc/flag.ts'
import { hostEvents, hostRequests } from './ipc/host.ts'
import { inspectRequests } from './ipc/inspect.ts'
import { languageRequests } from './ipc/language.ts'
import type { RequestSpec } from './ipc/request.ts'
import { rowRequests } from './ipc/row.ts'
import { runEvents, runRequests } from './ipc/run.ts'
import { sweepEvents, sweepRequests } from './ipc/sweep.ts'
import { workspaceEvents, workspaceRequests } from './ipc/workspace.ts'

export type { AnalysisOptions, AnalysisSettings, BenchOptions, Target } from './ipc/run-options.ts'
export type { RunOutcome } from './ipc/run-outcome.ts'

/**
 * Every request a renderer may make, in both shells; each topic is a file in `ipc/`. Long work answers a run id at once;
 * events tell the rest.
 */
export const requests = {
  ...workspaceRequests,
  ...runRequests,
  ...rowRequests,
  ...sweepRequests,
  ...flagRequests,
  ...inspectRequests,
  ...hostRequests,
  ...languageRequests,
} satisfies Record<string, RequestSpec>

export type Requests = typeof requests
export type RequestName = keyof Requests
export type RequestInput<N extends RequestName> = z.input<Requests[N]['input']>
export type RequestOutput<N extends RequestName> = z.output<Requests[N]['output']>

/** Everything the lab tells its shells unasked. */
export const events = {
  ...workspaceEvents,
  ...runEvents,
  ...sweepEvents,
  ...hostEvents,
} satisfies Record<string, z.ZodType>

export type Events = typeof events
export type EventName = keyof Events
export type EventPayload<N extends EventName> = z.output<Events[N]>

/** The lab as a shell serves it: one function per request. A missing one does not compile. */
export type LabHandlers = {
  [N in RequestName]: (input: z.output<Requests[N]['input']>) => Promise<Result<RequestOutput<N>>>
}

/** What the preload or the web page exposes to the renderer as `window.lab`: the only way out of it. */
export interface LabClient {
  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<Result<RequestOutput<N>>>
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void
  readonly shell: 'electron' | 'browser'
}
