import type { Device } from '#contract/device.ts'
import { fail, ok, type Result } from '#contract/error.ts'
import type { EventName, EventPayload } from '#contract/ipc.ts'
import { CatalogReader } from '../catalog/catalog.ts'
import { type CurrentDevice, currentDevice } from '../catalog/current-device.ts'
import { Workspace } from '../catalog/workspace.ts'
import { WorkspaceWatch } from '../catalog/workspace-watch.ts'
import { CheckQueue } from '../compile/check-queue.ts'
import { removeLeftovers } from '../store/leftovers.ts'
import { RowStore } from '../store/row-store.ts'
import { SourceStore } from '../store/source-store.ts'
import { DevicePool } from './device-pool.ts'
import { type LabIdentity, labIdentity } from './identity.ts'
import type { FromHost, HostConfig } from './messages.ts'
import { RunQueue } from './run-queue.ts'

/** What a run that is asked to stop may take to do so. */
const cancelGraceMs = 2000

/** Asking git takes as long as a small bench: at most a fiftieth of the time goes into it. */
const leastIdentityLastsMs = 2000
const identityLastsTimes = 50

/** Everything the handlers of one kernel host share. */
export class HostContext {
  readonly devices: DevicePool
  readonly runs = new RunQueue()
  /** Hashes of documents as the lab last read or saved them, by id: finding those on disk is no news to anyone. */
  readonly knownHashes = new Map<string, string>()
  readonly #config: HostConfig
  readonly #send: (message: FromHost) => void
  readonly #checks = new Map<string, CheckQueue>()
  #workspace: Result<Workspace> | null = null
  #rows: RowStore | null = null
  #sources: SourceStore | null = null
  #catalog: CatalogReader | null = null
  #watch: WorkspaceWatch | null = null
  #identity: { until: number; value: LabIdentity } | null = null

  constructor(config: HostConfig, send: (message: FromHost) => void) {
    this.#config = config
    this.#send = send
    this.devices = new DevicePool(config.deviceOptions)
  }

  send(message: FromHost): void {
    this.#send(message)
  }

  emit<N extends EventName>(name: N, payload: EventPayload<N>): void {
    this.#send({ kind: 'event', name, payload } as FromHost)
  }

  /** Opened when first asked for; a folder that could not be opened is tried again. */
  workspace(): Result<Workspace> {
    if (this.#workspace?.ok) return this.#workspace
    this.#workspace = Workspace.open(this.#config.workspaceRoot)
    // A host that was killed while it saved has left its half of a file beside the whole one.
    if (this.#workspace.ok) this.#workspace.value.scan.folders.forEach(removeLeftovers)
    return this.#workspace
  }

  /** The rows of a workspace. */
  rows(workspace: Workspace): RowStore {
    this.#rows ??= new RowStore(workspace.stateFolder)
    return this.#rows
  }

  /** What the rows of a workspace were compiled from. */
  sources(workspace: Workspace): SourceStore {
    this.#sources ??= new SourceStore(workspace.stateFolder)
    return this.#sources
  }

  /** Remembers what the manifest last held when it breaks. */
  catalog(workspace: Workspace): CatalogReader {
    this.#catalog ??= new CatalogReader(workspace)
    return this.#catalog
  }

  /**
   * What evidence is compared with: the device of that id; without one the first that compiles for real, else any, on
   * which then nothing is proven.
   */
  currentDevice(id?: string): Result<CurrentDevice> {
    const listed = this.devices.list()
    if (!listed.ok) return listed
    const isReal = ({ kind, unavailable }: Device) => kind !== 'null' && !unavailable
    const chosen = listed.value.find((device) => (id === undefined ? isReal(device) : device.id === id))
    const device = chosen ?? (id === undefined ? listed.value[0] : undefined)
    if (device) return ok(currentDevice(device))
    return fail({ kind: 'not-found', message: `there is no device ${id ?? 'at all'}` })
  }

  /** Read afresh, though not twice in a while: the commit may have changed. */
  identity(): LabIdentity {
    const now = performance.now()
    if (!this.#identity || now > this.#identity.until) {
      const value = labIdentity(this.#config.workspaceRoot)
      const end = performance.now()
      this.#identity = { value, until: end + Math.max(leastIdentityLastsMs, identityLastsTimes * (end - now)) }
    }
    return this.#identity.value
  }

  /** The one tier that a device was opened with; undefined where it chooses. */
  tierOf(deviceId: string): string | undefined {
    const tier = this.#config.deviceOptions[deviceId]?.tier
    return tier === 'auto' ? undefined : tier
  }

  /** From here on changes on disk are told as events. Only shells that show the tree ask for it. */
  watchWorkspace(workspace: Workspace): void {
    this.#watch ??= new WorkspaceWatch(
      workspace,
      ({ documentIds, isTreeChanged, isCatalogChanged }) => {
        if (isTreeChanged) this.emit('workspace.changed', { documentIds: [] })
        if (documentIds.length > 0) this.emit('workspace.changed', { documentIds })
        if (isCatalogChanged) this.emit('catalog.changed', {})
      },
      { knownHashes: this.knownHashes },
    )
  }

  /** The queue that checks texts on a device, beside whatever runs on it. */
  checks(deviceId: string): Result<CheckQueue> {
    const known = this.#checks.get(deviceId)
    if (known) return { ok: true, value: known }
    const device = this.devices.device(deviceId, 'check')
    if (!device.ok) return fail(device.error)
    const queue = new CheckQueue(device.value)
    this.#checks.set(deviceId, queue)
    return { ok: true, value: queue }
  }

  /** Tells the supervisor to replace this process when a device is lost. Call it after everything else was sent. */
  leaveIfLost(): void {
    const id = this.devices.lost()
    if (!id) return
    const message = `the ${id} device was lost; the kernel host is replaced`
    this.#send({ kind: 'leaving', error: { kind: 'timeout', message } })
  }

  /** Has this process replaced should a cancelled run still be at it in a while: a kernel cannot be stopped otherwise. */
  leaveIfStuck(runId: string): void {
    const message = 'cancelled; the kernel did not stop, so its process was replaced'
    const leave = () => {
      if (this.runs.isRunning(runId)) this.#send({ kind: 'leaving', error: { kind: 'cancelled', message } })
    }
    setTimeout(leave, cancelGraceMs).unref()
  }
}
