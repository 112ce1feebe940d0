import { z } from 'zod'
import { rowSchema, rowStatusSchema, verdictSchema } from './row.ts'

export const rowSortSchema = z.enum(['age', 'variant', 'ratio', 'kernel', 'baseline', 'roof', 'bound'])
export type RowSort = z.infer<typeof rowSortSchema>

/** Which rows, in which order, and which part of them. Rows without the figure they are sorted by come last, always. */
export const rowQuerySchema = z.object({
  /** Words that variant, shape, device, tier, status or verdict must hold, all of them; '' for every row. */
  search: z.string().max(500).default(''),
  /** Only rows with one of these statuses or verdicts; absent: all. */
  outcome: z.union([rowStatusSchema, verdictSchema]).optional(),
  sort: rowSortSchema.default('age'),
  isDescending: z.boolean().default(false),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(0).max(500).default(100),
})
export type RowQuery = z.infer<typeof rowQuerySchema>

/** Rows without samples from `offset` on; `matching` rows meet the query, of `kept` that there are. */
export const rowPageSchema = z.object({
  rows: z.array(rowSchema),
  offset: z.number().int(),
  matching: z.number().int(),
  kept: z.number().int(),
})
export type RowPage = z.infer<typeof rowPageSchema>
