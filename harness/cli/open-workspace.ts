import { ok, type Result } from '#contract/error.ts'
import { manifestOf } from '../catalog/resolve-target.ts'
import type { ManifestReading } from '../catalog/types.ts'
import { Workspace } from '../catalog/workspace.ts'

/** The workspace of a command that needs no device, and its manifest. */
export function openManifest(root: string): Result<{ workspace: Workspace; reading: ManifestReading }> {
  const workspace = Workspace.open(root)
  if (!workspace.ok) return workspace
  const reading = manifestOf(workspace.value)
  return reading.ok ? ok({ workspace: workspace.value, reading: reading.value }) : reading
}
