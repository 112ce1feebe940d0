import { z } from 'zod'
import { catalogSchema, documentSchema, workspaceSchema } from '../workspace.ts'
import { empty, type RequestSpec, request } from './request.ts'

/** The tree, the catalog and the texts of a workspace. */
export const workspaceRequests = {
  'workspace.open': request(empty, workspaceSchema),
  /** Flags are shown as they stand on the device; absent, on the first that can compile. */
  'catalog.get': request(z.object({ device: z.string().optional() }), catalogSchema),
  'document.read': request(z.object({ id: z.string() }), documentSchema),
  /** Refused with `conflict` when the disk no longer holds the text of baseHash (unless it already holds `text`). */
  'document.save': request(
    z.object({ id: z.string(), text: z.string(), baseHash: z.string() }),
    z.object({ hash: z.string() }),
  ),
  'document.create': request(
    z.object({ parentId: z.string().nullable(), name: z.string() }),
    z.object({ id: z.string() }),
    false,
  ),
  /** Hot exit: keeps unsaved text; null drops it. */
  'document.backup': request(z.object({ id: z.string(), text: z.string().nullable(), baseHash: z.string() }), empty),
} satisfies Record<string, RequestSpec>

/** What changes in the workspace behind a window. */
export const workspaceEvents = {
  /** Documents that changed on disk by something else than document.save of this window; empty: the tree changed. */
  'workspace.changed': z.object({ documentIds: z.array(z.string()) }),
  /** Manifest, shapes, kernels or evidence changed: ask catalog.get again. */
  'catalog.changed': z.object({}),
} satisfies Record<string, z.ZodType>
