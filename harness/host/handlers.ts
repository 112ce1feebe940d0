import type { z } from 'zod'
import type { Result } from '#contract/error.ts'
import type { HostRequestName, HostRequestOutput, HostRequests } from './cli-requests.ts'

/** Answers of a kernel host, one function per request. `host.restart` is the supervisor's. */
export type HostHandlers = {
  [N in Exclude<HostRequestName, 'host.restart'>]: (
    input: z.output<HostRequests[N]['input']>,
  ) => Promise<Result<HostRequestOutput<N>>>
}
