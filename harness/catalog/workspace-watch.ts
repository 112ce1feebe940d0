import { type FSWatcher, readFileSync, statSync, watch } from 'node:fs'
import { sha256 } from '../store/canonical-json.ts'
import type { Workspace } from './workspace.ts'
import type { ScannedFile } from './workspace-scan.ts'

/** What happened on disk since the last report. */
export interface WorkspaceChange {
  /** Documents whose bytes changed; not those whose new bytes this process wrote, nor those that came or went. */
  documentIds: string[]
  /** Files or folders came or went. */
  isTreeChanged: boolean
  /** A manifest, shape list, kernel, header, launch file or evidence changed, whoever wrote it. */
  isCatalogChanged: boolean
}

/** Options of a watch, all with defaults. */
export interface WatchOptions {
  /** Quiet time after the last event before the workspace is looked at, ms. */
  settleMs?: number
  /** How often it is looked at where the system gives no events, ms. */
  pollMs?: number
  /** Never use the system's events. */
  isPollingOnly?: boolean
  /** Hash of each document as this process last wrote it, by id; looked at anew at every change. */
  knownHashes?: ReadonlyMap<string, string>
}

interface FileState {
  stamp: string
  hash: string
  kind: ScannedFile['kind']
}

const maxWatchedFolders = 512
const catalogKinds = new Set<ScannedFile['kind']>(['manifest', 'shapes', 'metal', 'header', 'launch', 'evidence'])

/**
 * Watches a workspace and reports what changed, until closed. Each folder of the walk is watched on its own, so that
 * skipped ones cost nothing; where that fails (no handles left, network folders) it falls back to polling.
 */
export class WorkspaceWatch {
  private readonly workspace: Workspace
  private readonly report: (change: WorkspaceChange) => void
  private readonly options: Required<WatchOptions>
  private readonly watchers = new Map<string, FSWatcher>()
  private files: Map<string, FileState>
  private settling: NodeJS.Timeout | null = null
  private polling: NodeJS.Timeout | null = null
  private isClosed = false

  constructor(workspace: Workspace, report: (change: WorkspaceChange) => void, options: WatchOptions = {}) {
    this.workspace = workspace
    this.report = report
    this.options = { settleMs: 60, pollMs: 1000, isPollingOnly: false, knownHashes: new Map(), ...options }
    this.files = this.snapshot(new Map())
    if (this.options.isPollingOnly) this.startPolling()
    else this.watchFolders()
  }

  /** Ends the watch; nothing is reported afterwards. */
  close(): void {
    this.isClosed = true
    if (this.settling) clearTimeout(this.settling)
    if (this.polling) clearInterval(this.polling)
    for (const watcher of this.watchers.values()) watcher.close()
    this.watchers.clear()
  }

  private watchFolders(): void {
    const folders = new Set(this.workspace.scan.folders)
    for (const [folder, watcher] of this.watchers) {
      if (folders.has(folder)) continue
      watcher.close()
      this.watchers.delete(folder)
    }
    for (const folder of folders) {
      if (this.watchers.has(folder) || this.polling) continue
      if (this.watchers.size >= maxWatchedFolders) {
        this.startPolling()
        return
      }
      try {
        const watcher = watch(folder, { persistent: false }, () => this.settle())
        watcher.on('error', () => this.settle())
        this.watchers.set(folder, watcher)
      } catch {
        this.startPolling()
        return
      }
    }
  }

  private startPolling(): void {
    for (const watcher of this.watchers.values()) watcher.close()
    this.watchers.clear()
    this.polling ??= setInterval(() => this.look(), this.options.pollMs)
    this.polling.unref()
  }

  private settle(): void {
    if (this.settling) clearTimeout(this.settling)
    this.settling = setTimeout(() => this.look(), this.options.settleMs)
    this.settling.unref()
  }

  private snapshot(before: Map<string, FileState>): Map<string, FileState> {
    const files = new Map<string, FileState>()
    for (const { absolute, path, kind } of this.workspace.rescan().entries) {
      const known = before.get(path)
      const stamp = kind === 'folder' ? 'folder' : stampOf(absolute)
      const isSame = known?.stamp === stamp
      files.set(path, { stamp, kind, hash: isSame ? known.hash : kind === 'folder' ? '' : hashOf(absolute) })
    }
    return files
  }

  private look(): void {
    if (this.isClosed) return
    const before = this.files
    this.files = this.snapshot(before)
    if (!this.polling) this.watchFolders()
    const change = this.compare(before, this.files)
    if (change.documentIds.length > 0 || change.isTreeChanged || change.isCatalogChanged) this.report(change)
  }

  private compare(before: Map<string, FileState>, after: Map<string, FileState>): WorkspaceChange {
    const change: WorkspaceChange = { documentIds: [], isTreeChanged: false, isCatalogChanged: false }
    for (const path of new Set([...before.keys(), ...after.keys()])) {
      const old = before.get(path)
      const now = after.get(path)
      if (!old || !now || old.kind !== now.kind) change.isTreeChanged = true
      if (old?.hash === now?.hash && old?.kind === now?.kind) continue
      const kind = (now ?? old)?.kind ?? 'other'
      if (catalogKinds.has(kind) || (old && catalogKinds.has(old.kind))) change.isCatalogChanged = true
      const id = this.workspace.idOf(path)
      const isOwn = this.options.knownHashes.get(id) === now?.hash
      if (old && now && kind !== 'folder' && !isOwn) change.documentIds.push(id)
    }
    return change
  }
}

function stampOf(path: string): string {
  try {
    const { mtimeMs, ctimeMs, size, ino } = statSync(path)
    return `${mtimeMs} ${ctimeMs} ${size} ${ino}`
  } catch {
    return 'gone'
  }
}

function hashOf(path: string): string {
  try {
    return sha256(readFileSync(path))
  } catch {
    return 'gone'
  }
}
