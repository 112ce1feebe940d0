import { z } from 'zod'
import { rowSchema } from '../row.ts'
import { rowPageSchema, rowQuerySchema } from '../row-query.ts'
import { sourceTextSchema } from '../source-text.ts'
import { type RequestSpec, request } from './request.ts'

const referenceSchema = z.object({ row: rowSchema.nullable() })

/** Stored rows. */
export const rowRequests = {
  'rows.list': request(z.object({ limit: z.number().int().default(200) }), z.object({ rows: z.array(rowSchema) })),
  /** Rows by id, in no order; ids that are not kept (any more) are left out. */
  'rows.get': request(z.object({ ids: z.array(z.string()) }), z.object({ rows: z.array(rowSchema) })),
  /** A part of all rows that meet a query, without their samples: any number of them can be leafed through. */
  'rows.page': request(rowQuerySchema, rowPageSchema),
  /** What was compiled for rows, by identity.sourceHash; what is not kept is left out. */
  'rows.sources': request(
    z.object({ hashes: z.array(z.string()).max(16) }),
    z.object({ sources: z.array(sourceTextSchema) }),
  ),
  /** The row that others are held against: kept whole, also when the store drops it. */
  'rows.reference': request(z.object({}), referenceSchema),
  /** Makes a row the reference; null makes none. `not-found` when no such row is kept. */
  'rows.pin': request(z.object({ id: z.string().nullable() }), referenceSchema),
} satisfies Record<string, RequestSpec>
