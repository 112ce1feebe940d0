import { z } from 'zod'
import { rowSchema } from '../row.ts'
import { type RequestSpec, request } from './request.ts'

/** Stored rows. */
export const rowRequests = {
  'rows.list': request(z.object({ limit: z.number().int().default(200) }), z.object({ rows: z.array(rowSchema) })),
  /** Rows by id, in no order; ids that are not kept (any more) are left out. */
  'rows.get': request(z.object({ ids: z.array(z.string()) }), z.object({ rows: z.array(rowSchema) })),
} satisfies Record<string, RequestSpec>
