import { basename, isAbsolute, resolve } from 'node:path'
import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import type { Target } from '#contract/ipc.ts'
import type { Shape } from '#contract/shape.ts'
import { entryHashOf } from './entry-hash.ts'
import { entryNamesOf, isDeviceBaseline, launchesOfVariant } from './kernel-launches.ts'
import { KernelSources } from './kernel-sources.ts'
import { launchFilePath, launchOfEntry, readLaunchFile } from './launch-file.ts'
import { readManifest } from './manifest-file.ts'
import { closureHash } from './source-closure.ts'
import { entriesInText } from './source-entries.ts'
import type { LaunchBinding, ManifestReading, ManifestVariant, ResolvedKernel } from './types.ts'
import { readTextFile, type Workspace } from './workspace.ts'
import { insideRoot } from './workspace-scan.ts'

/** The entry a variant runs for a shape: its bias function before its accumulate function before the plain one. */
export function entryOfVariant({ supports }: ManifestVariant, shape: Shape): string {
  if (shape.bias && supports.functionNameBias) return supports.functionNameBias
  if ((shape.accumulate || shape.beta !== 0) && supports.functionNameAccumulate) return supports.functionNameAccumulate
  return supports.functionName
}

/** Absolute path of a variant's library: the .metal file of that base name nearest to the root. */
export function libraryPath(workspace: Workspace, library: string): string | null {
  const wanted = basename(library).replace(/\.metal$/i, '')
  const file = workspace.filesOf('metal').find(({ absolute }) => basename(absolute).replace(/\.metal$/i, '') === wanted)
  return file?.absolute ?? null
}

/**
 * Everything needed to compile and drive a variant. `text` is its library's unsaved text; `sources` are files that a
 * caller resolving many variants reads once. Fails with `not-found` when
 * the library is missing and `unsupported` when nothing says how to drive it.
 */
export function resolveVariant(
  workspace: Workspace,
  variant: ManifestVariant,
  options: { text?: string | undefined; sources?: KernelSources | undefined } = {},
): Result<ResolvedKernel> {
  const { text, sources = new KernelSources() } = options
  const path = isDeviceBaseline(variant) ? '' : libraryPath(workspace, variant.library ?? '')
  if (path === null)
    return fail({
      kind: 'not-found',
      message: `${variant.id}: the workspace has no ${basename(variant.library ?? '')}.metal`,
    })
  const launches = launchesOfVariant(variant, path)
  if (!launches.ok) return launches
  const source = path === '' ? ok('') : text !== undefined ? ok(text) : sources.text(path)
  if (!source.ok) return source
  const plain = launches.value[variant.supports.functionName] ?? (Object.values(launches.value)[0] as LaunchBinding)
  const usesDeviceBaseline = path === ''
  const { includeRoots } = workspace
  return ok({
    id: variant.id,
    path,
    source: source.value,
    dtype: plain.launch.dtype,
    variant,
    launch: plain.launch,
    params: plain.params,
    launches: launches.value,
    includeRoots,
    entryFor: (shape: Shape) => (usesDeviceBaseline ? '' : entryOfVariant(variant, shape)),
    sourceHash: usesDeviceBaseline ? '' : sources.hash({ path, text: source.value, includeRoots }),
    entryHash: entryHashOf(variant.raw, launches.value),
    usesDeviceBaseline,
  })
}

/** The launch of an entry that no launch file declares, from a variant of the manifest that names it. */
function launchFromManifest(workspace: Workspace, target: { path: string; entry: string }): LaunchBinding | null {
  const reading = manifestOf(workspace)
  if (!reading.ok) return null
  for (const variant of reading.value.variants) {
    const isOf =
      !isDeviceBaseline(variant) &&
      variant.transposeBOverride === undefined &&
      entryNamesOf(variant).includes(target.entry)
    if (!isOf || libraryPath(workspace, variant.library ?? '') !== target.path) continue
    const launches = launchesOfVariant(variant, target.path)
    const binding = launches.ok ? launches.value[target.entry] : undefined
    if (binding)
      return { ...binding, launch: { ...binding.launch, supports: { ...pickCapabilities(variant), alpha: true } } }
  }
  return null
}

function pickCapabilities({ supports }: ManifestVariant) {
  const { transposeA, transposeB, batch, bias, accumulate } = supports
  return { transposeA, transposeB, batch, bias, accumulate }
}

function launchOfBareEntry(
  workspace: Workspace,
  { path, entry, text }: { path: string; entry: string; text: string },
): Result<LaunchBinding> {
  const file = readLaunchFile(path)
  if (!file.ok) return file
  const declared = file.value ? launchOfEntry(file.value, { entry, kernelPath: path }) : ok(null)
  if (!declared.ok) return declared
  const binding = declared.value ?? launchFromManifest(workspace, { path, entry })
  if (binding) return ok(binding)
  const { names, isOpen } = entriesInText(text)
  if (!names.has(entry) && !isOpen) {
    const known = names.size > 0 ? `its kernels are: ${[...names.keys()].join(', ')}` : 'it has none'
    return fail({ kind: 'not-found', message: `${basename(path)} has no kernel "${entry}"; ${known}` })
  }
  const hint = file.value ? `it declares: ${Object.keys(file.value.entries).join(', ')}` : 'it does not exist'
  return fail({
    kind: 'unsupported',
    message: `nothing says how to drive ${basename(path)}:${entry}: declare it in ${basename(launchFilePath(path))} (${hint})`,
  })
}

/**
 * A bare entry of a file, driven by the launch file beside it, else as a variant of the manifest that names it is;
 * `unsupported` says what to add when there is neither, `not-found` lists the entries when the file has no such one.
 */
export function resolveEntry(
  workspace: Workspace,
  target: { path: string; entry: string; text?: string | undefined },
): Result<ResolvedKernel> {
  const { path, entry } = target
  const source = target.text !== undefined ? ok(target.text) : new KernelSources().text(path)
  if (!source.ok) return source
  const binding = launchOfBareEntry(workspace, { path, entry, text: source.value })
  if (!binding.ok) return binding
  const launches = { [entry]: binding.value }
  const { includeRoots } = workspace
  return ok({
    id: `${insideRoot(workspace.root, path) ? workspace.relativePath(path) : path}:${entry}`,
    path,
    source: source.value,
    dtype: binding.value.launch.dtype,
    launch: binding.value.launch,
    params: binding.value.params,
    launches,
    includeRoots,
    entryFor: () => entry,
    sourceHash: closureHash({ path, text: source.value, includeRoots }),
    entryHash: entryHashOf({}, launches),
    usesDeviceBaseline: false,
  })
}

/** The manifest of a workspace; `not-found` says where one was looked for. */
export function manifestOf(workspace: Workspace): Result<ManifestReading> {
  const path = workspace.manifestPath
  return path
    ? readManifest(path)
    : fail({ kind: 'not-found', message: `no variants_enhanced.json in ${workspace.root}` })
}

/** A variant by its id `backend/name`. `not-found` lists near ones, else the first. */
export function findVariant(reading: ManifestReading, id: string): Result<ManifestVariant> {
  const variant = reading.variants.find((candidate) => candidate.id === id)
  if (variant) return ok(variant)
  const invalid = reading.invalid.find((candidate) => candidate.id === id)
  if (invalid) return fail({ kind: 'manifest', message: `${id}: ${invalid.reason}`, path: reading.path })
  const name = id.slice(id.indexOf('/') + 1)
  const near = reading.variants.filter((candidate) => candidate.name === name || id.startsWith(`${candidate.backend}/`))
  const listed = (near.length > 0 ? near : reading.variants).slice(0, 12).map((candidate) => candidate.id)
  const hint = listed.length > 0 ? `; ${near.length > 0 ? 'near it' : 'there are'}: ${listed.join(', ')}` : ''
  return fail({ kind: 'not-found', message: `no variant ${id} in ${reading.path}${hint}` })
}

/** FILE of `FILE:ENTRY`: absolute, else below the workspace, else below the current folder. */
function filePath(workspace: Workspace, file: string, mayBeOutside: boolean): Result<string> {
  const candidates = isAbsolute(file)
    ? [file]
    : [resolve(workspace.root, file), ...(mayBeOutside ? [resolve(file)] : [])]
  const named =
    candidates.find((path) => readTextFile(path).ok) ?? libraryPath(workspace, file) ?? (candidates[0] as string)
  if (mayBeOutside || insideRoot(workspace.root, named)) return ok(named)
  return fail({ kind: 'not-found', message: `${file} is not in the workspace ${workspace.root}` })
}

/**
 * Resolves what to run. A string is `backend/name` or `FILE:ENTRY`; files outside the workspace are only taken when
 * `mayBeOutside`, which a command line may say and a renderer may not.
 */
export function resolveTarget(
  workspace: Workspace,
  target: Target | string,
  options: { mayBeOutside?: boolean } = {},
): Result<ResolvedKernel> {
  if (typeof target === 'string') return resolveText(workspace, target, options.mayBeOutside ?? false)
  if (target.kind === 'variant') return resolveVariantId(workspace, target.id, target.text)
  const path = workspace.pathOf(target.documentId)
  return path.ok ? resolveEntry(workspace, { path: path.value, entry: target.entry, text: target.text }) : path
}

function resolveVariantId(workspace: Workspace, id: string, text?: string): Result<ResolvedKernel> {
  const reading = manifestOf(workspace)
  if (!reading.ok) return reading
  const variant = findVariant(reading.value, id)
  return variant.ok ? resolveVariant(workspace, variant.value, { text }) : variant
}

function resolveText(workspace: Workspace, text: string, mayBeOutside: boolean): Result<ResolvedKernel> {
  const entryAt = /\.metal:/i.exec(text)
  if (!entryAt) return resolveVariantId(workspace, text)
  const split = entryAt.index + '.metal'.length
  const path = filePath(workspace, text.slice(0, split), mayBeOutside)
  return path.ok ? resolveEntry(workspace, { path: path.value, entry: text.slice(split + 1) }) : path
}
