import { createHash } from 'node:crypto'
import { closeSync, openSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import type { LabDocument, TreeNode, Workspace as WorkspaceTree } from '#contract/workspace.ts'
import { messageOf, writeFileAtomic } from '../store/atomic-file.ts'
import { BackupStore } from '../store/backup-store.ts'
import { sha256 } from '../store/canonical-json.ts'
import { withFileLock } from '../store/file-lock.ts'
import { readOrdinaryFile } from '../store/ordinary-file.ts'
import { stateFolderOf } from '../store/state-folder.ts'
import { insideRoot, type Scan, type ScannedFile, scanWorkspace } from './workspace-scan.ts'

const maxDocumentBytes = 4 * 2 ** 20
const byteOrderMark = '\uFEFF'

/**
 * A folder opened in the lab: our own layout, or any folder with .metal files as it is. Callers name files by opaque
 * ids; every access is checked to lie inside the root, links included.
 */
export class Workspace {
  /** Real absolute path. */
  readonly root: string
  /** Folder of rows and unsaved text; nothing of it lies in the workspace. */
  readonly stateFolder: string
  private readonly backups: BackupStore
  private paths = new Map<string, string>()
  /** Files made here that a walk would not list: they stay in the tree of whoever made them. */
  private readonly made = new Set<string>()
  private lastScan: Scan

  private constructor(root: string) {
    this.root = root
    this.stateFolder = stateFolderOf(root)
    this.backups = new BackupStore(this.stateFolder)
    this.lastScan = this.rescan()
  }

  /** Opens a folder. `not-found` when there is none. */
  static open(root: string): Result<Workspace> {
    try {
      const real = realpathSync(root)
      if (!statSync(real).isDirectory())
        return fail({ kind: 'not-found', message: `${root} is a file; a workspace is a folder` })
      return ok(new Workspace(real))
    } catch (error) {
      return fail({ kind: 'not-found', message: `cannot open the workspace ${root}: ${messageOf(error)}` })
    }
  }

  /** Walks the folder again. Ids of files stay the same for as long as their path does. */
  rescan(): Scan {
    const scan = scanWorkspace(this.root, this.made)
    this.paths = new Map(scan.entries.map((entry) => [idOfPath(entry.path), entry.path]))
    this.lastScan = scan
    return scan
  }

  /** Files and folders of the last walk. */
  get scan(): Scan {
    return this.lastScan
  }

  /** Files of a kind, those nearest to the root first. */
  filesOf(kind: TreeNode['kind']): ScannedFile[] {
    const depth = (file: ScannedFile) => file.path.split('/').length
    return this.lastScan.entries.filter((entry) => entry.kind === kind).sort((a, b) => depth(a) - depth(b))
  }

  /** The tree as a renderer shows it, walked afresh. */
  tree(): WorkspaceTree {
    const { entries } = this.rescan()
    const nodes = entries.map(({ path, kind }): TreeNode => {
      const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : null
      return {
        id: idOfPath(path),
        parentId: parent === null ? null : idOfPath(parent),
        name: basename(path),
        path,
        kind,
      }
    })
    return { name: basename(this.root) || this.root, root: this.root, nodes }
  }

  /** Absolute path of the manifest nearest to the root, or null. */
  get manifestPath(): string | null {
    return this.filesOf('manifest')[0]?.absolute ?? null
  }

  /** Folders in which `#include <x>` of a kernel is looked for: every folder that holds sources, the root first. */
  get includeRoots(): string[] {
    const folders = this.lastScan.entries
      .filter(({ kind }) => kind === 'metal' || kind === 'header')
      .map(({ absolute }) => dirname(absolute))
    return Array.from(new Set([this.root, ...folders])).slice(0, 64)
  }

  /** Id of a path inside the workspace, absolute or relative to the root. */
  idOf(path: string): string {
    return idOfPath(isAbsolute(path) ? this.relativePath(path) : path)
  }

  /** Path relative to the root with `/`, for display. */
  relativePath(absolute: string): string {
    return relative(this.root, absolute).split(sep).join('/')
  }

  /** Absolute path of an id. `not-found` for an id that no walk has seen, `invalid` when it leads out of the root. */
  pathOf(id: string): Result<string> {
    const path = this.paths.get(id) ?? this.pathAfterRescan(id)
    if (path === undefined)
      return fail({ kind: 'not-found', message: 'this file is not in the workspace any more; the tree was read again' })
    const absolute = join(this.root, path)
    if (insideRoot(this.root, absolute)) return ok(absolute)
    return fail({ kind: 'invalid', message: `${path} is gone or leads out of the workspace` })
  }

  private pathAfterRescan(id: string): string | undefined {
    this.rescan()
    return this.paths.get(id)
  }

  /** Text of a document, with unsaved text of an earlier session. Refused: too large, not UTF-8. */
  read(id: string): Result<LabDocument> {
    const path = this.pathOf(id)
    if (!path.ok) return path
    const file = readTextFile(path.value)
    if (!file.ok) return file
    const { text, hash } = file.value
    const kept = this.backups.read(id)
    const backup = kept && kept.text !== text ? { backup: kept } : {}
    return ok({ id, name: basename(path.value), path: this.relativePath(path.value), text, hash, ...backup })
  }

  /**
   * Replaces a document's text atomically. `conflict` when the disk holds neither the bytes of baseHash nor already
   * this text. A byte order mark on disk stays. A manifest is saved under its lock.
   */
  save(id: string, change: { text: string; baseHash: string }): Result<{ hash: string }> {
    const path = this.pathOf(id)
    if (!path.ok) return path
    const replace = () => this.replace(path.value, change)
    return path.value === this.manifestPath ? withFileLock(path.value, replace) : replace()
  }

  private replace(path: string, change: { text: string; baseHash: string }): Result<{ hash: string }> {
    const disk = readTextFile(path)
    if (!disk.ok) return disk
    const hasMark = disk.value.hasByteOrderMark && !change.text.startsWith(byteOrderMark)
    const data = new TextEncoder().encode(hasMark ? byteOrderMark + change.text : change.text)
    const hash = sha256(data)
    if (disk.value.hash !== change.baseHash && disk.value.hash !== hash) {
      return fail({
        kind: 'conflict',
        message: `${this.relativePath(path)} changed on disk since it was opened; compare both texts and choose`,
      })
    }
    if (data.length > maxDocumentBytes) return fail(tooLarge(path, data.length))
    const written = disk.value.hash === hash ? ok(undefined) : writeFileAtomic(path, data)
    return written.ok ? ok({ hash }) : written
  }

  /** Makes an empty file in a folder (null: the root). `invalid` for a name that is none, or that is taken. */
  create(parentId: string | null, name: string): Result<{ id: string }> {
    const parent = parentId === null ? ok(this.root) : this.pathOf(parentId)
    if (!parent.ok) return parent
    if (!/^[^\p{Cc}/\\:*?"<>|.][^\p{Cc}/\\:*?"<>|]*$/u.test(name) || new TextEncoder().encode(name).length > 200) {
      return fail({
        kind: 'invalid',
        message: `'${name}' cannot be a file's name: use letters, digits, - _ and dots, not first`,
      })
    }
    const path = join(parent.value, name)
    try {
      closeSync(openSync(path, 'wx'))
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST'
      return fail({
        kind: 'invalid',
        message: isTaken ? `${name} exists already` : `cannot create ${name}: ${messageOf(error)}`,
      })
    }
    this.made.add(path)
    this.rescan()
    return ok({ id: this.idOf(path) })
  }
}

function idOfPath(path: string): string {
  return `f${createHash('sha256').update(path).digest('hex').slice(0, 20)}`
}

function tooLarge(path: string, bytes: number) {
  const size = (value: number) => `${(value / 2 ** 20).toFixed(1)} MiB`
  return {
    kind: 'invalid' as const,
    message: `${path} has ${size(bytes)}; the editor opens files up to ${size(maxDocumentBytes)}`,
  }
}

/** Text and hash of a file on disk; the byte order mark is not part of the text. */
export function readTextFile(path: string): Result<{ text: string; hash: string; hasByteOrderMark: boolean }> {
  let bytes: Buffer
  try {
    const { size } = statSync(path)
    if (size > maxDocumentBytes) return fail(tooLarge(path, size))
    bytes = readOrdinaryFile(path)
  } catch (error) {
    return fail({ kind: 'not-found', message: `cannot read ${path}: ${messageOf(error)}` })
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const hasByteOrderMark = text.startsWith(byteOrderMark)
    return ok({ text: hasByteOrderMark ? text.slice(1) : text, hash: sha256(bytes), hasByteOrderMark })
  } catch {
    return fail({
      kind: 'invalid',
      message: `${path} is not UTF-8 text; convert it first, so that saving does not damage it`,
    })
  }
}
