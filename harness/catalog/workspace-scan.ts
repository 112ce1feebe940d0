import { closeSync, existsSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { TreeNode } from '#contract/workspace.ts'
import { looksLikeShapeList } from './shape-list.ts'

/** A file or folder found in a workspace. */
export interface ScannedFile {
  /** Relative to the root, with `/`. */
  path: string
  absolute: string
  kind: TreeNode['kind']
}

/** What a walk over a workspace found. */
export interface Scan {
  /** Recognised files, and the folders above them, parents first. */
  entries: ScannedFile[]
  /** Every folder that was looked into, absolute: a new file may appear in any of them. */
  folders: string[]
  /** True when a limit ended the walk early. */
  isPartial: boolean
}

/** The manifest's file name, wherever it lies. */
export const manifestName = 'variants_enhanced.json'

const maxDepth = 12
const maxFiles = 20_000
const sniffBytes = 32 * 1024
const skippedFolders = new Set(['node_modules', '__pycache__'])
const textEnding = /\.(md|txt|csv|log|json)$/i

/** In a folder laid out as this repository is, only these hold what a workspace is about. */
function startFolders(root: string): string[] {
  const own = ['kernels', 'manifests'].map((name) => join(root, name))
  return own.every((folder) => existsSync(folder)) ? own : [root]
}

function startOf(path: string): string {
  const buffer = Buffer.alloc(sniffBytes)
  try {
    const descriptor = openSync(path, 'r')
    try {
      return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, sniffBytes, 0))
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return ''
  }
}

function kindOf(path: string, absolute: string): TreeNode['kind'] | null {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (name === manifestName) return 'manifest'
  if (/\.metal$/i.test(name)) return 'metal'
  if (/\.launch\.json$/i.test(name)) return 'launch'
  if (/\.(h|hh|hpp|inc|metalh)$/i.test(name)) return 'header'
  if (/(^|\/)evidence\/[^/]+\/[^/]+\.json$/.test(path)) return 'evidence'
  if (/\.(txt|csv|log|list|out)$/i.test(name) || !name.includes('.'))
    return looksLikeShapeList(startOf(absolute)) ? 'shapes' : textEnding.test(name) ? 'other' : null
  return textEnding.test(name) ? 'other' : null
}

/** Real path of something in the root; null when it lies outside or is gone. */
export function insideRoot(root: string, absolute: string): string | null {
  try {
    const real = realpathSync(absolute)
    return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep) ? real : null
  } catch {
    return null
  }
}

/**
 * Walks a workspace: bounded in depth and count, without hidden folders and node_modules; links that lead out of the
 * root or back into a folder already seen are passed over. `root` is a real path; `extra` are files, absolute, that are
 * listed whatever they are, as long as they exist.
 */
export function scanWorkspace(root: string, extra: Iterable<string> = []): Scan {
  const scan: Scan = { entries: [], folders: [], isPartial: false }
  const files: ScannedFile[] = []
  const seen = new Set<string>()
  const visit = (folder: string, depth: number) => {
    const real = insideRoot(root, folder)
    if (!real || seen.has(real)) return
    seen.add(real)
    scan.folders.push(folder)
    for (const name of namesIn(folder)) {
      if (files.length >= maxFiles) {
        scan.isPartial = true
        return
      }
      const absolute = join(folder, name)
      const stats = insideRoot(root, absolute) ? statOf(absolute) : null
      if (stats?.isDirectory()) {
        if (depth < maxDepth) visit(absolute, depth + 1)
        else scan.isPartial = true
      } else if (stats?.isFile()) {
        const path = relative(root, absolute).split(sep).join('/')
        const kind = kindOf(path, absolute)
        if (kind) files.push({ path, absolute, kind })
      }
    }
  }
  for (const folder of startFolders(root)) visit(folder, 0)
  const known = new Set(files.map(({ absolute }) => absolute))
  const made: ScannedFile[] = Array.from(extra)
    .filter((absolute) => !known.has(absolute) && insideRoot(root, absolute) !== null && statOf(absolute)?.isFile())
    .map((absolute) => ({ path: relative(root, absolute).split(sep).join('/'), absolute, kind: 'other' }))
  scan.entries = withFolders(root, { files, made })
  return scan
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.') && !skippedFolders.has(name))
      .sort()
  } catch {
    return []
  }
}

function statOf(path: string) {
  try {
    return statSync(path)
  } catch {
    return null
  }
}

/** Adds the folders above the files; texts of no known kind stay only beside a file that has one. */
function withFolders(root: string, { files, made }: { files: ScannedFile[]; made: ScannedFile[] }): ScannedFile[] {
  const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')))
  const lively = new Set(files.filter((file) => file.kind !== 'other').map((file) => folderOf(file.path)))
  const shown = files.filter((file) => file.kind !== 'other' || lively.has(folderOf(file.path))).concat(made)
  const folders = new Set<string>()
  for (const file of shown) {
    for (let path = folderOf(file.path); path !== ''; path = folderOf(path)) folders.add(path)
  }
  const entries = Array.from(
    folders,
    (path): ScannedFile => ({ path, absolute: join(root, path), kind: 'folder' }),
  ).concat(shown)
  return entries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}
