import { z } from 'zod'
import { flagSchema, flagStatusSchema, problemSchema } from '../manifest.ts'
import { type RequestSpec, request } from './request.ts'

/** What the manifest promises, and what is wrong with it. */
export const flagRequests = {
  /** As they stand on the device; absent, on the first that can compile. */
  'flags.list': request(z.object({ device: z.string().optional() }), z.object({ flags: z.array(flagStatusSchema) })),
  'flags.unset': request(z.object({ variant: z.string(), flag: flagSchema }), z.object({ hash: z.string() })),
  /** With a device every variant is built for it, and launches are held against what it has; else nothing is compiled. */
  'lint.run': request(z.object({ device: z.string().optional() }), z.object({ problems: z.array(problemSchema) })),
} satisfies Record<string, RequestSpec>
