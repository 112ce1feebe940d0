import type { CatalogVariant, Problem } from '#contract/manifest.ts'
import type { Catalog } from '#contract/workspace.ts'
import type { CurrentDevice } from './current-device.ts'
import { flagStatusesOf } from './flags.ts'
import { isDeviceBaseline } from './kernel-launches.ts'
import { KernelSources } from './kernel-sources.ts'
import { readLaunchFile } from './launch-file.ts'
import { ManifestSource } from './manifest-file.ts'
import { libraryPath, resolveVariant } from './resolve-target.ts'
import type { ManifestReading, ManifestVariant } from './types.ts'
import type { Workspace } from './workspace.ts'
import { shapesOfWorkspace } from './workspace-shapes.ts'

/** Variants that count as their backend's baseline: those marked, else the first enabled one. */
export function baselineIds(variants: readonly ManifestVariant[]): Set<string> {
  const ids = new Set<string>()
  for (const backend of new Set(variants.map((variant) => variant.backend))) {
    const own = variants.filter((variant) => variant.backend === backend)
    const marked = own.filter((variant) => variant.baseline)
    const first = own.find((variant) => variant.enabled)
    for (const variant of marked.length > 0 ? marked : first ? [first] : []) ids.add(variant.id)
  }
  return ids
}

function catalogVariant(
  workspace: Workspace,
  item: { reading: ManifestReading; variant: ManifestVariant; isBaseline: boolean; sources: KernelSources },
  device: CurrentDevice,
): CatalogVariant {
  const { reading, variant, isBaseline, sources } = item
  const kernel = resolveVariant(workspace, variant, { sources })
  const path = isDeviceBaseline(variant) ? null : libraryPath(workspace, variant.library ?? '')
  return {
    id: variant.id,
    backend: variant.backend,
    name: variant.name,
    ...(variant.library ? { library: variant.library } : {}),
    ...(path ? { documentId: workspace.idOf(path) } : {}),
    functionName: variant.supports.functionName,
    enabled: variant.enabled,
    isBaseline,
    isRunnable: kernel.ok,
    ...(kernel.ok ? {} : { unrunnableReason: kernel.error.message }),
    dtype: kernel.ok ? kernel.value.dtype : 'f16',
    flags: flagStatusesOf(workspace, { reading, variant, sources }, device),
  }
}

function launchFileProblems(workspace: Workspace): Problem[] {
  return workspace.filesOf('metal').flatMap(({ absolute, path }): Problem[] => {
    const file = readLaunchFile(absolute)
    return file.ok ? [] : [{ rule: 'launch.unreadable', severity: 'error', path, message: file.error.message }]
  })
}

/** What a workspace's manifest, shape lists and evidence hold now, with the manifest's last good state while it is broken. */
export class CatalogReader {
  private readonly workspace: Workspace
  private readonly source = new ManifestSource()

  constructor(workspace: Workspace) {
    this.workspace = workspace
  }

  /** Reads everything afresh. Never fails: what is wrong is in `problems`. */
  read(device: CurrentDevice): Catalog {
    this.workspace.rescan()
    const { manifestPath } = this.workspace
    const { reading, stale } = manifestPath ? this.source.read(manifestPath) : { reading: null, stale: null }
    const manifestId = manifestPath ? this.workspace.idOf(manifestPath) : null
    const list = shapesOfWorkspace(this.workspace)
    const sources = new KernelSources()
    const baselines = baselineIds(reading?.variants ?? [])
    const problems: Problem[] =
      stale && manifestPath
        ? [staleProblem(this.workspace.relativePath(manifestPath), stale)]
        : (reading?.problems ?? [])
    return {
      manifestId,
      variants: (reading?.variants ?? []).map((variant) =>
        catalogVariant(
          this.workspace,
          { reading: reading as ManifestReading, variant, isBaseline: baselines.has(variant.id), sources },
          device,
        ),
      ),
      isStale: stale !== null,
      shapes: list.shapes,
      problems: [
        ...problems.map((problem) => ({ ...problem, ...(manifestId ? { documentId: manifestId } : {}) })),
        ...list.warnings,
        ...launchFileProblems(this.workspace),
      ],
    }
  }
}

function staleProblem(
  path: string,
  error: { message: string; line?: number | undefined; column?: number | undefined },
): Problem {
  const { message, line, column } = error
  return {
    rule: 'manifest.syntax',
    severity: 'error',
    path,
    message,
    ...(line ? { line } : {}),
    ...(column ? { column } : {}),
  }
}
