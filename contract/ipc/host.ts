import { z } from 'zod'
import { labErrorSchema } from '../error.ts'
import { empty, type RequestSpec, request } from './request.ts'

/** The process that runs kernels. */
export const hostRequests = {
  /** Starts the kernel host again after `failed`. Answered by the supervisor itself, since there is no host to ask. */
  'host.restart': request(empty, empty),
} satisfies Record<string, RequestSpec>

/** How the kernel host is. */
export const hostEvents = {
  'host.state': z.object({
    state: z.enum(['starting', 'ready', 'restarting', 'failed']),
    restarts: z.number().int(),
    reason: z.string().optional(),
    /** What ended the last host, when this tells of its end: a crash names the kernel and the line. */
    error: labErrorSchema.optional(),
  }),
} satisfies Record<string, z.ZodType>
