import type { z } from 'zod'
import type { Result } from '#contract/error.ts'
import type { LanguageRequestName } from '../language/language-service.ts'
import type { HostRequestName, HostRequestOutput, HostRequests } from './cli-requests.ts'

/** Answers of a kernel host, one function per request. What the supervisor answers itself is not among them. */
export type HostHandlers = {
  [N in Exclude<HostRequestName, 'host.restart' | 'document.backup' | LanguageRequestName>]: (
    input: z.output<HostRequests[N]['input']>,
  ) => Promise<Result<HostRequestOutput<N>>>
}
