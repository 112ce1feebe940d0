import { z } from 'zod'
import {
  sweepCellSchema,
  sweepCountsSchema,
  sweepMatrixSchema,
  sweepOptionsSchema,
  sweepProgressSchema,
  sweepStartedSchema,
  sweepStatusSchema,
} from '../sweep.ts'
import { empty, type RequestSpec, request } from './request.ts'

/** Many kernels on many shapes. */
export const sweepRequests = {
  /** What sweep.start would run, what it would leave out and why, and which stored rows a resumed one would show. */
  'sweep.plan': request(sweepOptionsSchema, z.object({ matrix: sweepMatrixSchema, counts: sweepCountsSchema })),
  /** Refused with `conflict` while another runs. `sweep.changed` tells the rest; every row is an ordinary bench row. */
  'sweep.start': request(sweepOptionsSchema, sweepStartedSchema, false),
  /** The sweep that runs, else the last one since the lab was started; null when there was none. */
  'sweep.status': request(empty, z.object({ sweep: sweepStatusSchema.nullable() })),
  'sweep.cancel': request(z.object({ sweepId: z.string() }), empty),
} satisfies Record<string, RequestSpec>

/** How a sweep gets on. */
export const sweepEvents = {
  /** Cells that are no longer what they were, and where the sweep stands; the last one says how it ended. */
  'sweep.changed': sweepProgressSchema.extend({ cells: z.array(sweepCellSchema) }),
} satisfies Record<string, z.ZodType>
