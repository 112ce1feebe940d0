import { type FSWatcher, watch } from 'node:fs'
import { join } from 'node:path'
import { readTextFile, type Workspace } from '../catalog/workspace.ts'

const settleMs = 100
const maxFolders = 1000

/** What changed on disk without the lab's own saving. */
export interface WorkspaceChange {
  documentIds: string[]
  isTreeChanged: boolean
}

/**
 * Watches the folders that the workspace's tree shows. A document counts as changed when its bytes differ from what
 * the lab last read or saved, so touching a file is no news. Several events in a row are told as one change.
 */
export class WorkspaceWatch {
  readonly #workspace: Workspace
  readonly #report: (change: WorkspaceChange) => void
  readonly #knownHashes: ReadonlyMap<string, string>
  readonly #toldHashes = new Map<string, string>()
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #touched = new Set<string>()
  #tree = ''
  #timer: NodeJS.Timeout | null = null

  /** `knownHashes`: hash of each document as last read or saved, by id; read anew at every change. */
  constructor(
    workspace: Workspace,
    knownHashes: ReadonlyMap<string, string>,
    report: (change: WorkspaceChange) => void,
  ) {
    this.#workspace = workspace
    this.#knownHashes = knownHashes
    this.#report = report
    this.#tree = this.#readTree()
  }

  /** Ends watching. */
  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  #readTree(): string {
    const { entries, folders } = this.#workspace.rescan()
    for (const folder of folders.slice(0, maxFolders)) this.#watchFolder(folder)
    return entries
      .map(({ path }) => path)
      .sort()
      .join('\n')
  }

  #watchFolder(folder: string): void {
    if (this.#watchers.has(folder)) return
    try {
      const watcher = watch(folder, (_, name) => this.#touch(name === null ? folder : join(folder, name)))
      watcher.on('error', () => this.#forget(folder))
      this.#watchers.set(folder, watcher)
    } catch {
      // Gone again, or the system's limit of watches: the tree is still read afresh whenever it is asked for.
    }
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close()
    this.#watchers.delete(folder)
  }

  #touch(path: string): void {
    this.#touched.add(path)
    this.#timer ??= setTimeout(() => this.#settle(), settleMs)
  }

  #settle(): void {
    this.#timer = null
    const touched = [...this.#touched]
    this.#touched.clear()
    const before = this.#tree
    this.#tree = this.#readTree()
    const documentIds = touched.flatMap((path) => this.#changedDocument(path) ?? [])
    const isTreeChanged = this.#tree !== before
    if (documentIds.length > 0 || isTreeChanged) this.#report({ documentIds, isTreeChanged })
  }

  #changedDocument(path: string): string | null {
    const isListed = this.#workspace.scan.entries.some(({ absolute, kind }) => absolute === path && kind !== 'folder')
    const file = isListed ? readTextFile(path) : null
    if (!file?.ok) return null
    const id = this.#workspace.idOf(path)
    const { hash } = file.value
    const isKnown =
      hash === (this.#toldHashes.get(id) ?? this.#knownHashes.get(id)) || hash === this.#knownHashes.get(id)
    this.#toldHashes.set(id, hash)
    return isKnown ? null : id
  }
}
