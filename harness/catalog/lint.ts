import type { Result } from '#contract/error.ts'
import type { Problem } from '#contract/manifest.ts'
import { KernelSources } from './kernel-sources.ts'
import type { LintContext, LintDevice, LintRule } from './lint/context.ts'
import { partialTile, twoBaselines, unknownKeys } from './lint/entry-rules.ts'
import { biasWithoutFunction, missingFunction, nameTokens } from './lint/function-rules.ts'
import { launchFiles } from './lint/launch-file-rules.ts'
import { launches, unknownParams, unknownRanges, unreached } from './lint/launch-rules.ts'
import { unsatisfiable } from './lint/satisfiable.ts'
import { readManifest } from './manifest-file.ts'
import { resolveVariant } from './resolve-target.ts'
import { includeClosure } from './source-closure.ts'
import { entriesInText } from './source-entries.ts'
import type { ManifestReading, ResolvedKernel } from './types.ts'
import { readTextFile, type Workspace } from './workspace.ts'
import { shapesOfWorkspace } from './workspace-shapes.ts'

const rules: LintRule[] = [
  unknownKeys,
  partialTile,
  twoBaselines,
  unsatisfiable,
  missingFunction,
  biasWithoutFunction,
  nameTokens,
  launches,
  unknownRanges,
  unknownParams,
  launchFiles,
  unreached,
]

/** How a caller with a device makes the findings exact. */
export interface LintOptions {
  /** Another manifest than the workspace's own. */
  manifestPath?: string | undefined
  /** Where launches would run. */
  device?: LintDevice
  /** Entry names of a .metal file by reflection; null when it does not compile. Else its text is read for them. */
  entriesOf?: (path: string) => readonly string[] | null
}

function entriesFromText(workspace: Workspace, path: string): ReturnType<LintContext['entriesOf']> {
  const file = readTextFile(path)
  if (!file.ok) return null
  const texts = [
    file.value.text,
    ...includeClosure({ path, text: file.value.text, includeRoots: workspace.includeRoots }).map(({ text }) => text),
  ]
  const found = texts.map(entriesInText)
  return {
    names: new Set(found.flatMap(({ names }) => Array.from(names.keys()))),
    isOpen: found.some(({ isOpen }) => isOpen),
  }
}

function contextOf(workspace: Workspace, reading: ManifestReading, options: LintOptions): LintContext {
  const sources = new KernelSources()
  const kernels = new Map<string, Result<ResolvedKernel>>()
  const entries = new Map<string, ReturnType<LintContext['entriesOf']>>()
  return {
    workspace,
    reading,
    shapes: shapesOfWorkspace(workspace).shapes,
    device: options.device,
    kernelOf(variant) {
      const known = kernels.get(variant.id) ?? resolveVariant(workspace, variant, { sources })
      kernels.set(variant.id, known)
      return known
    },
    entriesOf(path) {
      if (!entries.has(path)) {
        const names = options.entriesOf?.(path) ?? null
        entries.set(path, names ? { names: new Set(names), isOpen: false } : entriesFromText(workspace, path))
      }
      return entries.get(path) ?? null
    },
  }
}

const severityOrder = { error: 0, warning: 1, info: 2 }

/**
 * Everything the lab finds wrong with a workspace's manifest, launch files and shape lists, errors first, then in the
 * manifest's order. A manifest that cannot be read is one finding with its position.
 */
export function lintWorkspace(workspace: Workspace, options: LintOptions = {}): Problem[] {
  const path = options.manifestPath ?? workspace.manifestPath
  if (!path)
    return [
      {
        rule: 'manifest.missing',
        severity: 'warning',
        path: '.',
        message: `no variants_enhanced.json in ${workspace.root}`,
      },
    ]
  const shapeProblems = shapesOfWorkspace(workspace).warnings
  const reading = readManifest(path)
  const documentId = workspace.idOf(path)
  if (!reading.ok) {
    const { error } = reading
    const position =
      error.kind === 'manifest'
        ? { ...(error.line ? { line: error.line } : {}), ...(error.column ? { column: error.column } : {}) }
        : {}
    return [
      {
        rule: 'manifest.syntax',
        severity: 'error',
        path: workspace.relativePath(path),
        message: error.message,
        documentId,
        ...position,
      },
      ...shapeProblems,
    ]
  }
  const context = contextOf(workspace, reading.value, options)
  const found = [...reading.value.problems, ...rules.flatMap((rule) => rule(context))].map((problem) => ({
    documentId,
    ...problem,
  }))
  return [...found, ...shapeProblems].sort(
    (a, b) => severityOrder[a.severity] - severityOrder[b.severity] || (a.line ?? 0) - (b.line ?? 0),
  )
}
