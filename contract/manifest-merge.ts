import { z } from 'zod'

export const mergeSideSchema = z.enum(['mine', 'theirs'])
export type MergeSide = z.infer<typeof mergeSideSchema>

/** Where two manifests differ: a key of a variant's entry, or with no keys the whole entry (made or removed). */
const placeSchema = z.object({
  /** `backend/name`; a key of the file itself that is no list of variants stands alone, without keys. */
  variant: z.string(),
  /** `["supports", "bias"]`. Lists are one value. */
  keys: z.array(z.string()),
})

/** Which side a place that both changed is to have. */
export const mergeChoiceSchema = placeSchema.extend({ side: mergeSideSchema })
export type MergeChoice = z.infer<typeof mergeChoiceSchema>

/** One place that changed since editing began. A value that is absent is a key that is not there. */
export const manifestChangeSchema = placeSchema.extend({
  /** Who changed it. `both`: alike. `conflict`: differently. */
  by: z.enum(['mine', 'theirs', 'both', 'conflict']),
  base: z.unknown().optional(),
  mine: z.unknown().optional(),
  theirs: z.unknown().optional(),
  /** What mergedText holds: of a conflict nobody chose a side for, theirs. */
  taken: mergeSideSchema,
})
export type ManifestChange = z.infer<typeof manifestChangeSchema>

/** A manifest on disk with the changes of an editor put into it. */
export const manifestMergeSchema = z.object({
  theirsText: z.string(),
  theirsHash: z.string(),
  changes: z.array(manifestChangeSchema),
  /** theirsText with every change that is taken from mine; everything else byte for byte as it is on disk. */
  mergedText: z.string(),
})
export type ManifestMerge = z.infer<typeof manifestMergeSchema>
