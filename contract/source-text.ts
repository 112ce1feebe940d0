import { z } from 'zod'

/** What a kernel was compiled from: its file first, then the files of the workspace that it includes. */
export const sourceTextSchema = z.object({
  /** identity.sourceHash of the rows it belongs to. */
  hash: z.string(),
  files: z.array(z.object({ name: z.string(), text: z.string() })).min(1),
})
export type SourceText = z.infer<typeof sourceTextSchema>
