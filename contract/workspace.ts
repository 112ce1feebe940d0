import { z } from 'zod'
import { catalogVariantSchema, problemSchema } from './manifest.ts'
import { listedShapeSchema } from './shape.ts'

/** A file or folder of the workspace. Ids are opaque: the renderer never sees or sends a path. */
export const treeNodeSchema = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  name: z.string(),
  /** Path relative to the workspace root, for display. */
  path: z.string(),
  kind: z.enum(['folder', 'metal', 'header', 'manifest', 'shapes', 'launch', 'evidence', 'other']),
})
export type TreeNode = z.infer<typeof treeNodeSchema>

export const workspaceSchema = z.object({
  name: z.string(),
  /** Absolute, for display only. */
  root: z.string(),
  nodes: z.array(treeNodeSchema),
})
export type Workspace = z.infer<typeof workspaceSchema>

/** What the manifests and shape lists of the workspace hold, read afresh. */
export const catalogSchema = z.object({
  /** Document id of the manifest; null when the workspace has none. */
  manifestId: z.string().nullable(),
  variants: z.array(catalogVariantSchema),
  /** True when the manifest on disk cannot be read and `variants` is its last good state. */
  isStale: z.boolean(),
  shapes: z.array(listedShapeSchema),
  problems: z.array(problemSchema),
})
export type Catalog = z.infer<typeof catalogSchema>

export const documentSchema = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  text: z.string(),
  /** Hash of the text on disk; send it back when saving. */
  hash: z.string(),
  /** Unsaved text of an earlier session, and the hash of the disk text it was based on. */
  backup: z.object({ text: z.string(), baseHash: z.string() }).optional(),
})
export type LabDocument = z.infer<typeof documentSchema>
